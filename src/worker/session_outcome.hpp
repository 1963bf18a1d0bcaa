// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "metrics/allocator.hpp"
#include "metrics/process.hpp"
#include "metrics/worker_figures.hpp"
#include "worker/leaks.hpp"

namespace taskworker::worker {

/// The process at one moment.
struct resource_sample {
  std::uint64_t threads = 0;
  std::uint64_t jobs = 0;
  metrics::allocator_figures memory;  ///< zero in builds without jemalloc
  std::uint64_t resident_bytes = 0;   ///< physical memory, that of the allocator among it

  /// The larger of each figure.
  void raise_to(const resource_sample &other);
};

/// What ended a run.
enum class session_end : std::uint8_t {
  tasks_done,  ///< and there was no duration to wait for
  duration_over,
  stop_signal,
  second_signal,
  start_overdue,  ///< the strategy did not come back from create(), init() or start()
  grace_over,     ///< a task, or the strategy's stop(), did not come back
  crash,          ///< of the process: it is about to die
};

/// A task that had not come back when a run was cut off.
struct stuck_task {
  std::uint32_t worker = 0;
  std::uint64_t id = 0;
  std::uint32_t operation = 0;
  pid_t thread = 0;                     ///< the worker's
  std::chrono::nanoseconds running{0};  ///< for at least so long
  /// Where its worker was, innermost first: "bad.cpp:123 (process)". Read where the grace time
  /// is over; empty where the worker did not answer.
  std::vector<std::string> stack;
};

/// "task 17 (sum) on worker 2 has run for 5.00 s".
[[nodiscard]] std::string describe(const stuck_task &task,
                                   const std::vector<std::string> &operations);

/// A thread on which the strategy is stuck outside of any task.
struct stuck_thread {
  std::string name;                ///< "tw-control" in stop() or start(), "tw-jobs" in a callback
  std::vector<std::string> stack;  ///< as that of a stuck_task
};

/// What came of a run.
struct session_outcome {
  session_end end = session_end::tasks_done;
  int signal = 0;     ///< the last one that came, or that of a crash; 0 = none
  std::string crash;  ///< what ended the process, in words; empty = nothing did
  metrics::task_totals totals{0};
  std::vector<stuck_task> stuck;  ///< their count, and what waited behind them: totals.queued
  std::vector<stuck_thread> stuck_threads;  ///< where no task was stuck
  double seconds = 0;                       ///< first task accepted to last task done
  std::uint64_t allocated_bytes = 0;        ///< by the strategy on the workers, in process()
  std::uint64_t allocations = 0;
  std::uint64_t other_allocated_bytes = 0;  ///< on all other threads, from start() on
  resource_sample start;                    ///< before the strategy's start()
  resource_sample peak;
  resource_sample end_sample;                 ///< after its stop()
  metrics::process_figures process_start;     ///< of the process, at the time of `start`
  metrics::process_figures process_end;       ///< and of `end_sample`
  std::optional<std::uint64_t> instructions;  ///< between these two; none without a counter
  std::uint64_t peak_resident = 0;            ///< bytes, of the process since its start
  std::vector<leak> leaks;                    ///< largest first
  std::string source_error;                   ///< why the task source broke; empty = it did not
  std::string memprofile_error;
  std::string results_error;

  /// Ended before its tasks and the strategy's stop() had come to their end.
  [[nodiscard]] bool was_cut_off() const;
  [[nodiscard]] bool is_stuck() const;  ///< cut off for want of time, with the strategy at work
  [[nodiscard]] std::uint64_t abandoned() const { return totals.queued; }
  [[nodiscard]] std::uint64_t leaked(leak::kind what) const;
};

}  // namespace taskworker::worker
