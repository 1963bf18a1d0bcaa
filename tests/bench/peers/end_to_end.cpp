// SPDX-License-Identifier: MIT
#include <functional>

#include "peers/accounted_tasks.hpp"
#include "peers/bare_loop.hpp"
#include "peers/kernel_tasks.hpp"
#include "peers/peer.hpp"
#include "peers/sections.hpp"
#include "peers/warm_pool.hpp"

namespace bench::peers {

namespace strategy = taskworker::strategy;

namespace {

struct planned_way {
  std::string name;
  std::function<void(const run_plan &)> run;
};

void expect(std::uint64_t done, const run_plan &plan) {
  if (done != plan.tasks) std::abort();
}

void run_kernels(const run_plan &plan) {
  kernel_tasks tasks(plan);
  expect(run_bare_loop(tasks, plan.tasks), plan);
}

void run_calls(strategy::instance &optimized, const run_plan &plan) {
  called_tasks tasks(optimized, plan);
  expect(run_bare_loop(tasks, plan.tasks), plan);
}

void run_peer(const peer &other, strategy::instance &optimized, const run_plan &plan) {
  accounted_tasks tasks(optimized, plan);
  other.run_accounted(tasks, plan.tasks);
  expect(tasks.counts().done(), plan);
}

/// `called` is for all ways but taskworker's own, one after the other.
std::vector<planned_way> ways_beside(strategy::instance &called) {
  std::vector<planned_way> ways = {
      {std::string(bare_loop_name), run_kernels},
      {std::string(bare_calls_name), [&](const run_plan &plan) { run_calls(called, plan); }},
  };
  for (const peer &other : all_peers()) {
    ways.push_back(
        {std::string(other.name), [&](const run_plan &plan) { run_peer(other, called, plan); }});
  }
  return ways;
}

/// Ends the process where a result of any way is wrong.
void check_results(const library &optimized, const std::vector<planned_way> &others,
                   std::uint64_t data_size) {
  const run_plan plan = {.tasks = 20'000, .data_size = data_size, .verify_every = 1};
  run_strategy(optimized, {}, plan, [] {});
  for (const planned_way &each : others) each.run(plan);
  std::printf("all ways: the results of %llu tasks are right\n",
              static_cast<unsigned long long>(plan.tasks));
}

std::uint64_t tasks_of_round(std::uint64_t data_size) {
  if (data_size <= 10) return 2'000'000;
  return data_size <= 100 ? 1'000'000 : 400'000;
}

}  // namespace

std::string end_to_end_name(std::uint64_t data_size) {
  return "End to end, " + std::to_string(data_size) + " elements";
}

section measure_end_to_end(const library &optimized, std::uint64_t data_size, const effort &spent) {
  section measured = {
      .name = end_to_end_name(data_size),
      .explanation =
          "Tasks of four operations, made by whoever submits them, one submit each, and done by\n"
          "process() of `optimized`: arithmetic, result, log line and metadata. The peers take a\n"
          "pair of clock reads and prometheus-cpp's Counter and Histogram, looked up once. The\n"
          "bare loop makes the tasks and does the arithmetic, on two threads without a queue.",
      .tasks = tasks_of_round(data_size) / spent.divisor,
      .data_size = data_size};
  const run_plan plan = {.tasks = measured.tasks, .data_size = data_size};
  started_instance called(optimized, {}, plan);
  const std::vector<planned_way> others = ways_beside(called.get());
  check_results(optimized, others, data_size);
  warm_pool own(optimized, {}, plan);
  measured.ways.push_back({std::string(own_name), [&](std::uint64_t count) { own.run(count); }});
  for (const planned_way &each : others) {
    measured.ways.push_back({each.name, [&each, data_size](std::uint64_t count) {
                               each.run({.tasks = count, .data_size = data_size});
                             }});
  }
  run(measured, spent);
  return measured;
}

}  // namespace bench::peers
