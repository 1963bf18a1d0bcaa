// SPDX-License-Identifier: MIT
#include <cstdint>
#include <optional>
#include <vector>

#include "catch.hpp"
#include "worker/suspects.hpp"

using taskworker::profiling::task_mark;
using taskworker::profiling::thread_info;
using taskworker::worker::find_suspects;
using taskworker::worker::job_info;
using taskworker::worker::left_behind;
using taskworker::worker::suspect_age;
using taskworker::worker::worker_tasks;

namespace {

constexpr std::uint64_t second = 1'000'000'000;
constexpr auto allowed = static_cast<std::uint64_t>(suspect_age.count());
constexpr std::uint64_t start = 100 * second;

thread_info thread_of(const task_mark &mark, std::uint64_t started_ns = start) {
  thread_info made;
  made.started_ns = started_ns;
  made.started_in = mark;
  return made;
}

job_info job_of(const task_mark &mark, std::uint64_t started_ns = start) {
  job_info made;
  made.started_ns = started_ns;
  made.started_in = mark;
  return made;
}

constexpr task_mark in_task(std::uint32_t worker, std::uint64_t task) {
  return {.worker = worker, .operation = 0, .task = task};
}

// One thread, started by worker 0 in task 5.
bool is_suspect(const worker_tasks &worker, std::uint64_t now_ns) {
  return !find_suspects({thread_of(in_task(0, 5))}, {}, std::vector{worker}, now_ns)
              .threads.empty();
}

}  // namespace

TEST_CASE("suspects are at least ten seconds older than their task", "[worker_suspects]") {
  CHECK(allowed == 10 * second);
  CHECK_FALSE(is_suspect({}, start + allowed - 1));
  CHECK(is_suspect({}, start + allowed));
}

TEST_CASE("the longest task of the worker bounds when the task has ended", "[worker_suspects]") {
  const worker_tasks slow{.running = std::nullopt, .longest_ns = 3 * second};
  CHECK_FALSE(is_suspect(slow, start + allowed + 3 * second - 1));
  CHECK(is_suspect(slow, start + allowed + 3 * second));
}

TEST_CASE("a task that still runs may keep what it has started", "[worker_suspects]") {
  constexpr std::uint64_t long_after = start + 1000 * second;
  CHECK_FALSE(is_suspect({.running = 5}, long_after));
  CHECK(is_suspect({.running = 6}, long_after));
}

TEST_CASE("what was started outside of tasks is no suspect", "[worker_suspects]") {
  const std::vector<worker_tasks> workers(1);
  const std::vector<thread_info> threads{thread_of({}), thread_of({.worker = 0})};
  const std::vector<job_info> jobs{job_of({}), job_of({.worker = 0})};
  const left_behind found = find_suspects(threads, jobs, workers, start + 1000 * second);
  CHECK(found.threads.empty());
  CHECK(found.jobs.empty());
}

TEST_CASE("each worker's own tasks count", "[worker_suspects]") {
  const std::vector<worker_tasks> workers{{.running = 5, .longest_ns = 0},
                                          {.running = 6, .longest_ns = 500 * second},
                                          {.running = 7, .longest_ns = 0}};
  const std::vector<job_info> jobs{job_of(in_task(0, 5)), job_of(in_task(1, 5)),
                                   job_of(in_task(2, 5))};
  const auto found = find_suspects({}, jobs, workers, start + 100 * second);
  REQUIRE(found.jobs.size() == 1);
  CHECK(found.jobs[0].started_in.worker == 2);
}

TEST_CASE("threads and jobs are found together, in their order", "[worker_suspects]") {
  const std::vector<worker_tasks> workers(1);
  std::vector<thread_info> threads;
  std::vector<job_info> jobs;
  for (std::uint64_t i = 0; i < 30; ++i) {
    threads.push_back(thread_of(in_task(0, i), start + i * second));
    threads.back().number = i;
    jobs.push_back(job_of(in_task(0, i), start + i * second));
    jobs.back().id = i;
  }
  const auto found = find_suspects(threads, jobs, workers, start + allowed + 4 * second);
  CHECK_FALSE(found.is_stopped);
  REQUIRE(found.threads.size() == 5);
  REQUIRE(found.jobs.size() == 5);
  for (std::uint64_t i = 0; i < 5; ++i) {
    CHECK(found.threads[i].number == i);
    CHECK(found.jobs[i].id == i);
  }
}

TEST_CASE("what has started after the clock was read is no suspect", "[worker_suspects]") {
  CHECK_FALSE(is_suspect({}, start - 1));
  CHECK_FALSE(is_suspect({}, 0));
}

TEST_CASE("a longest task of any length does not overflow", "[worker_suspects]") {
  CHECK_FALSE(is_suspect({.longest_ns = UINT64_MAX}, start + 1000 * second));
}
