// SPDX-License-Identifier: MIT
#include <gnu/libc-version.h>

#include <cstdint>
#include <string>

#include "catch.hpp"
#include "endpoints/census.hpp"
#include "profiling/synthetic_frame.hpp"

using Catch::Matchers::ContainsSubstring;
using namespace taskworker;
using endpoints::census;
using endpoints::count_left_behind;

namespace {

constexpr std::uint64_t second = 1'000'000'000;
constexpr profiling::task_mark in_task{.worker = 3, .operation = 1, .task = 17};

const profiling::sample_labels labels("bad", {"sum", "multiply"});

profiling::thread_snapshot thread_at(std::uintptr_t frame, const std::string &name) {
  profiling::thread_snapshot thread;
  thread.tid = 4711;
  thread.name = name;
  thread.state = 'S';
  thread.cpu_ns = 2 * second;
  thread.frames = {frame};
  return thread;
}

profiling::stack stack_of(std::uintptr_t frame) {
  profiling::stack made;
  made.frames[0] = frame;
  made.depth = 1;
  return made;
}

worker::job_info job_from(std::uintptr_t frame, std::uint64_t id) {
  return {.id = id,
          .started_by = stack_of(frame),
          .started_in = in_task,
          .period_ns = second,
          .started_ns = 40 * second,
          .last_run_ns = 99 * second,
          .runs = 59};
}

std::uintptr_t known_frame() { return reinterpret_cast<std::uintptr_t>(&gnu_get_libc_version) + 1; }

bool nothing_is_own(std::uintptr_t) { return false; }

std::string label_of(const profiling::profile_sample &sample, const std::string &key) {
  for (const auto &label : sample.labels) {
    if (label.key == key) return label.value;
  }
  return "(no such label)";
}

}  // namespace

TEST_CASE("threads count where they are, together where stack and labels are the same",
          "[endpoints_census]") {
  census found;
  found.threads = {thread_at(0x1001, "tw-http"), thread_at(0x1001, "tw-http"),
                   thread_at(0x2002, "tw-http")};
  const auto counted = count_stacks(found, labels);
  REQUIRE(counted.samples.size() == 2);
  CHECK(counted.samples[0].frames == std::vector<std::uintptr_t>{0x1001});
  CHECK(counted.samples[0].values == std::vector<std::int64_t>{2});
  CHECK(counted.samples[1].values == std::vector<std::int64_t>{1});
  CHECK(label_of(counted.samples[0], "kind") == "thread");
  CHECK(label_of(counted.samples[0], "thread") == "tw-http");
  CHECK(label_of(counted.samples[0], "strategy") == "bad");
  CHECK(counted.sample_types == std::vector<profiling::value_type>{{"goroutine", "count"}});
  CHECK(counted.period_type == profiling::value_type{"goroutine", "count"});
  CHECK(counted.period == 1);
}

TEST_CASE("a thread that did not answer counts under a frame that says so", "[endpoints_census]") {
  census found;
  found.threads = {thread_at(0x1001, "stuck")};
  found.threads[0].frames.clear();
  const auto counted = count_stacks(found, labels);
  REQUIRE(counted.samples.size() == 1);
  CHECK(counted.samples[0].frames ==
        std::vector{address_of(profiling::synthetic_frame::no_answer)});
}

TEST_CASE("jobs count where they were started", "[endpoints_census]") {
  census found;
  found.jobs = {job_from(0x1001, 1), job_from(0x1001, 2)};
  const auto counted = count_stacks(found, labels);
  REQUIRE(counted.samples.size() == 1);
  CHECK(counted.samples[0].frames ==
        std::vector<std::uintptr_t>{address_of(profiling::synthetic_frame::job), 0x1001});
  CHECK(counted.samples[0].values == std::vector<std::int64_t>{2});
  CHECK(label_of(counted.samples[0], "kind") == "job");
  CHECK(label_of(counted.samples[0], "worker") == "3");
  CHECK(label_of(counted.samples[0], "operation") == "multiply");
}

TEST_CASE("what is left behind counts by who started it", "[endpoints_census]") {
  worker::left_behind left;
  left.jobs = {job_from(0x1001, 1)};
  left.threads.resize(2);
  for (auto &thread : left.threads) thread.started_by = stack_of(0x2002);
  const auto suspects = count_left_behind(left, labels, nothing_is_own);
  REQUIRE(suspects.samples.size() == 2);
  CHECK(suspects.samples[0].frames == std::vector<std::uintptr_t>{0x2002});
  CHECK(suspects.samples[0].values == std::vector<std::int64_t>{2});
  CHECK(label_of(suspects.samples[0], "kind") == "thread");
  CHECK(label_of(suspects.samples[0], "leak") == "suspect");
  CHECK(suspects.samples[1].frames == std::vector<std::uintptr_t>{0x1001});

  left.is_stopped = true;
  CHECK(label_of(count_left_behind(left, labels, nothing_is_own).samples[0], "leak") == "leaked");
  CHECK(count_left_behind({}, labels, nothing_is_own).samples.empty());
}

TEST_CASE("what is left behind is seen from the first frame of the strategy's own",
          "[endpoints_census]") {
  worker::left_behind left;
  left.threads.resize(1);
  left.threads[0].started_by = stack_of(0x1001);
  left.threads[0].started_by.frames[1] = 0x2002;
  left.threads[0].started_by.frames[2] = 0x3003;
  left.threads[0].started_by.depth = 3;
  const auto counted =
      count_left_behind(left, labels, [](std::uintptr_t frame) { return frame == 0x2002; });
  REQUIRE(counted.samples.size() == 1);
  CHECK(counted.samples[0].frames == std::vector<std::uintptr_t>{0x2002, 0x3003});
}

TEST_CASE("the description tells all of a thread and of a job", "[endpoints_census]") {
  profiling::symbols names;
  census found{.now_ns = 100 * second};
  found.threads = {thread_at(known_frame(), "tw-worker-3")};
  found.threads[0].mark = in_task;
  found.threads[0].start = profiling::thread_info{.number = 1,
                                                  .tid = 4711,
                                                  .started_ns = 10 * second,
                                                  .started_by = stack_of(known_frame()),
                                                  .started_in = {.worker = 1}};
  found.jobs = {job_from(known_frame(), 8)};
  const std::string text = describe(found, names);
  CHECK_THAT(text, ContainsSubstring("1 thread, 1 job\n"));
  CHECK_THAT(text,
             ContainsSubstring("thread 4711 \"tw-worker-3\" [sleeping, 2.00 s of CPU, started "
                               "90.0 s ago, worker 3, task 17]:\n"
                               "gnu_get_libc_version\n\t"));
  CHECK_THAT(text, ContainsSubstring("started by worker 1 at:\ngnu_get_libc_version\n"));
  CHECK_THAT(text,
             ContainsSubstring("job 8 [every 1.00 s, started 60.0 s ago by worker 3, task 17, "
                               "59 runs, the last 1.00 s ago], started at:\n"));
}

TEST_CASE("of many jobs from one place the first are described, the rest counted",
          "[endpoints_census]") {
  profiling::symbols names;
  census found;
  for (std::uint64_t id = 1; id <= endpoints::longest_list + 5; ++id) {
    found.jobs.push_back(job_from(known_frame(), id));
  }
  const std::string text = describe(found, names);
  CHECK_THAT(text, ContainsSubstring("\njob 100 ["));
  CHECK_THAT(text, !ContainsSubstring("\njob 101 ["));
  CHECK_THAT(text, ContainsSubstring("\nand 5 more jobs started at:\ngnu_get_libc_version\n"));
}

TEST_CASE("tasks that are stuck stand first", "[endpoints_census]") {
  profiling::symbols names;
  census found;
  found.threads = {thread_at(known_frame(), "tw-worker-3")};
  found.stuck = {"task 17 (sum) on worker 3 has run for 5.00 s"};
  CHECK_THAT(
      describe(found, names),
      ContainsSubstring("1 thread, 0 jobs\nstuck: task 17 (sum) on worker 3 has run for 5.00 s\n"
                        "\nthread "));
}

TEST_CASE("a thread without a stack says why", "[endpoints_census]") {
  profiling::symbols names;
  census found;
  found.threads = {thread_at(0, "deaf")};
  found.threads[0].frames.clear();
  found.threads[0].silence = "blocks signals";
  CHECK_THAT(describe(found, names), ContainsSubstring("\t(no stack: blocks signals)\n"));
}
