// SPDX-License-Identifier: MIT
// What tasks cost, and what is left behind.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "check/check_case.hpp"
#include "check/process_state.hpp"
#include "check/task_set.hpp"
#include "check/verdict.hpp"
#include "metrics/allocator.hpp"
#include "metrics/host_allocator.hpp"
#include "profiling/heap/heap.hpp"
#include "profiling/symbols/symbols.hpp"
#include "profiling/threads/threads.hpp"
#include "strategy/text.hpp"
#include "worker/leaks.hpp"

namespace taskworker::check {
namespace {

constexpr std::uint64_t warm_up_tasks = 256;
constexpr std::uint64_t measured_tasks = 512;

void require_allocator() {
  if (!metrics::read_allocator()) skip("this taskworker was built without jemalloc");
}

void require_threads() {
  if (!profiling::threads_are_recorded()) skip("this taskworker does not record threads");
}

std::string per_task(std::uint64_t count, std::uint64_t tasks) {
  const double value = static_cast<double>(count) / static_cast<double>(tasks);
  char text[32];
  std::snprintf(text, sizeof text, value < 100 ? "%.3g" : "%.0f", value);
  return text;
}

void allocations_per_task(case_context &context) {
  require_allocator();
  auto &made = context.make_instance(context.config());
  const auto tasks = context.tasks();
  const task_set warm_up(*tasks, 0, warm_up_tasks);
  const task_set measured(*tasks, warm_up_tasks, measured_tasks);
  std::uint64_t allocations = 0;
  std::uint64_t bytes = 0;
  made.start();
  on_worker_threads(1, [&](std::uint32_t) {
    const metrics::thread_arena arena;
    arena.enter();
    warm_up.run(made);
    using counted_scope = metrics::counted_host_allocation_scope;
    const auto before = counted_scope::strategy_allocations_on_this_thread();
    const auto bytes_before = metrics::host_allocation_scope::strategy_bytes_on_this_thread();
    measured.run(made);
    bytes = metrics::host_allocation_scope::strategy_bytes_on_this_thread() - bytes_before;
    allocations = counted_scope::strategy_allocations_on_this_thread() - before;
  });
  made.stop();
  context.destroy(made);
  if (allocations == 0) return;
  warn("strategy.h, start()", per_task(allocations, measured_tasks) + " allocations and " +
                                  per_task(bytes, measured_tasks) + " bytes per task, after " +
                                  std::to_string(warm_up_tasks) +
                                  " tasks; memory that tasks need is best made in start()");
}

/// "50 jobs from bad.cpp:170 (start_helper_job)" for each place.
std::string describe_leaks(const std::vector<profiling::thread_info> &threads,
                           const std::vector<worker::job_info> &jobs,
                           const taskworker_entry &entry) {
  profiling::symbols names;
  std::vector<std::string> texts;
  for (const auto &each : worker::group_leaks(threads, jobs, &entry, names)) {
    const bool is_thread = each.what == worker::leak::kind::thread;
    texts.push_back(std::to_string(each.count) + (is_thread ? " thread" : " job") +
                    (each.count == 1 ? "" : "s") + " from " + each.place);
  }
  return strategy::join(texts);
}

/// A life with tasks; what it leaves is up to the caller. The instance lives on, stopped.
checked_instance &run_and_stop(case_context &context) {
  constexpr std::uint64_t tasks_of_each = 32;
  constexpr std::uint32_t workers = 2;
  auto &made = context.make_instance(context.config(workers));
  const auto tasks = context.tasks();
  made.start();
  on_worker_threads(workers, [&](std::uint32_t worker) {
    for (std::uint64_t i = 0; i < tasks_of_each; ++i) {
      case_context::run_task(made, worker, *tasks, lent_task(*tasks, i * workers + worker));
    }
  });
  made.stop();
  return made;
}

void threads_left(case_context &context) {
  require_threads();
  context.require_opened();
  std::set<std::uint64_t> before;
  for (const auto &each : profiling::live_threads()) before.insert(each.number);
  context.destroy(run_and_stop(context));
  auto left = profiling::live_threads();
  std::erase_if(left, [&](const auto &each) { return before.contains(each.number); });
  if (left.empty()) return;
  fail("strategy.h, stop()", "after destroy() there still run " +
                                 describe_leaks(left, {}, context.strategy().entry()) +
                                 "; expected all threads joined in stop()");
}

void jobs_left(case_context &context) {
  auto &made = run_and_stop(context);
  const auto left = made.jobs_left();
  context.destroy(made);
  if (left.empty()) return;
  fail("strategy.h, stop()", "stop() left " + describe_leaks({}, left, context.strategy().entry()) +
                                 "; expected all jobs cancelled");
}

void descriptors_left(case_context &context) {
  context.require_opened();
  // What the first life loads for good, as libraries do, is not left by each.
  context.destroy(run_and_stop(context));
  const auto before = open_descriptors();
  context.destroy(run_and_stop(context));
  std::vector<std::string> left;
  for (const auto &[number, target] : open_descriptors()) {
    if (!before.contains(number)) left.push_back(std::to_string(number) + " (" + target + ")");
  }
  if (left.empty()) return;
  fail("strategy.h, destroy()", "after destroy() there are still open " + strategy::join(left) +
                                    "; expected every descriptor of the instance closed");
}

/// The allocator keeps something for each thread whose memory it has sampled, which would
/// look like the strategy's. For the rest of this process.
void stop_heap_samples() {
  try {
    profiling::set_heap_sampling(false);
  } catch (const profiling::heap_error &) {
    // MALLOC_CONF has turned it off already.
  }
}

/// Bytes in use, as far as this thread knows: its cache is given back before.
std::int64_t live_bytes() {
  metrics::thread_arena::flush();
  return static_cast<std::int64_t>(metrics::read_allocator()->allocated);
}

/// What is less comes from caches of the allocator that fill and empty.
constexpr std::int64_t noise_per_task = 8;
constexpr std::int64_t noise_per_life = 1024;

/// The least growth per task of some rounds: containers grow by leaps, and caches wobble.
std::int64_t growth_per_task(case_context &context) {
  constexpr int rounds = 3;
  auto &made = context.make_instance(context.config());
  const auto tasks = context.tasks();
  std::vector<std::unique_ptr<task_set>> prepared;
  for (std::uint64_t round = 0; round <= rounds; ++round) {
    prepared.push_back(std::make_unique<task_set>(*tasks, round * warm_up_tasks, warm_up_tasks));
  }
  std::vector<std::int64_t> growths;
  growths.reserve(rounds);
  made.start();
  on_worker_threads(1, [&](std::uint32_t) {
    prepared[0]->run(made);
    for (int round = 1; round <= rounds; ++round) {
      const std::int64_t before = live_bytes();
      prepared[static_cast<std::size_t>(round)]->run(made);
      growths.push_back(live_bytes() - before);
    }
  });
  made.stop();
  context.destroy(made);
  return *std::min_element(growths.begin(), growths.end()) /
         static_cast<std::int64_t>(warm_up_tasks);
}

std::int64_t growth_per_life(case_context &context) {
  constexpr int warm_up = 3;
  constexpr int rounds = 4;
  std::int64_t least = INT64_MAX;
  for (int i = 0; i < warm_up + rounds; ++i) {
    const std::int64_t before = live_bytes();
    context.live(context.config(), 16);
    if (i >= warm_up) least = std::min(least, live_bytes() - before);
  }
  return least;
}

void memory_left(case_context &context) {
  require_allocator();
  context.require_opened();
  stop_heap_samples();
  std::vector<std::string> found;
  if (const auto bytes = growth_per_task(context); bytes > noise_per_task) {
    found.push_back("memory grows by " + std::to_string(bytes) + " bytes with each task");
  }
  if (const auto bytes = growth_per_life(context); bytes > noise_per_life) {
    found.push_back("each life of an instance leaves " + std::to_string(bytes) +
                    " bytes behind after destroy()");
  }
  if (found.empty()) return;
  warn("strategy.h, destroy()", strategy::join(found, "; "));
}

constexpr check_case cases[] = {
    {"allocations-per-task", "allocates nothing per task once it is warm (a warning else)",
     "strategy.h, start()", allocations_per_task},
    {"threads-left", "leaves no thread running", "strategy.h, stop()", threads_left},
    {"jobs-left", "leaves no job running", "strategy.h, stop()", jobs_left},
    {"descriptors-left", "leaves no descriptor open", "strategy.h, destroy()", descriptors_left},
    {"memory-left", "needs no more memory with each task or instance (a warning else)",
     "strategy.h, destroy()", memory_left},
};

}  // namespace

std::span<const check_case> leftover_cases() { return cases; }

}  // namespace taskworker::check
