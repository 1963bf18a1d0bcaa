// SPDX-License-Identifier: MIT
#include "metrics/allocator.hpp"
#include "peers/accounted_tasks.hpp"
#include "peers/peer.hpp"
#include "peers/sections.hpp"
#include "peers/warm_pool.hpp"

namespace bench::peers {

namespace strategy = taskworker::strategy;

namespace {

void run_asio(strategy::instance &null, std::uint64_t count) {
  accounted_tasks tasks(null, {.tasks = count});
  asio_peer.run_accounted(tasks, count);
  if (tasks.counts().done() != count) std::abort();
}

/// All allocations of the process, by the run of a pool from its beginning to its end: a
/// thread's last are known when it has ended.
std::uint64_t allocations_of_run(const library &null, std::uint64_t tasks) {
  const auto count = [] {
    taskworker::metrics::thread_arena::flush();
    return taskworker::metrics::read_allocator()->allocations_total;
  };
  const std::uint64_t before = count();
  run_strategy(null, {}, {.tasks = tasks}, [] {});
  return count() - before;
}

/// What ten times as many tasks allocate more, by which beginning and end drop out.
std::optional<double> measure_allocations(const library &null, std::uint64_t tasks) {
  if (!taskworker::metrics::read_allocator()) return std::nullopt;
  const auto of_few = static_cast<double>(allocations_of_run(null, tasks));
  const auto of_many = static_cast<double>(allocations_of_run(null, 10 * tasks));
  return (of_many - of_few) / static_cast<double>(9 * tasks);
}

}  // namespace

section measure_harness(const library &null, const effort &spent) {
  section measured = {
      .name = harness_name,
      .explanation =
          "What surrounds a task, with a strategy that does nothing: source, queue, call through\n"
          "the ABI, clock, counters, histograms. The peer: the same call, a pair of clock reads,\n"
          "prometheus-cpp's Counter and Histogram, looked up once.",
      .tasks = 2'000'000 / spent.divisor,
      .data_size = 100};
  const run_plan plan = {.tasks = measured.tasks};
  warm_pool own(null, {}, plan);
  started_instance called(null, {}, plan);
  measured.ways = {
      {std::string(own_name), [&](std::uint64_t count) { own.run(count); }},
      {std::string(asio_name), [&](std::uint64_t count) { run_asio(called.get(), count); }},
  };
  run(measured, spent);
  measured.allocations_per_task = measure_allocations(null, measured.tasks);
  if (measured.allocations_per_task) {
    std::printf("taskworker: %.0f allocations in a million tasks once it is warm\n",
                *measured.allocations_per_task * 1e6);
  }
  return measured;
}

}  // namespace bench::peers
