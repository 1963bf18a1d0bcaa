// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "metrics/worker_figures.hpp"
#include "profiling/heap/peak_heap.hpp"
#include "profiling/symbols/symbols.hpp"
#include "strategy/library.hpp"
#include "worker/crash_report.hpp"
#include "worker/job_loop.hpp"
#include "worker/session_config.hpp"
#include "worker/session_observer.hpp"
#include "worker/session_outcome.hpp"
#include "worker/suspects.hpp"
#include "worker/workload.hpp"

namespace taskworker::worker {

/// One run of one strategy, from create() to destroy().
///
/// SIGINT and SIGTERM drain it, a second one ends it; SIGUSR2 writes the heap to
/// "taskworker-PID-N.heap" in the current folder, for `jeprof`.
///
/// run() is the control loop: signals, timers and the course of things (lifecycle)
/// on the calling thread; the strategy's [control-thread] calls are made on a thread
/// of their own ("tw-control"), so that a strategy that hangs does not keep signals
/// from being heard.
class session {
 public:
  /// Threads that the session needs are made here, before anything is measured.
  /// The references must outlive it. Throws workload_error or std::system_error when the
  /// tasks cannot be had, results_file_error when the expected results cannot.
  session(const strategy::library &opened, session_config config, session_observer &observer,
          profiling::symbols &names);

  /// REQUIRES: run() was not called, or its outcome was not cut off; else threads of the
  /// session may still be at work, and the process is to be ended by _exit() with the
  /// session in place.
  ~session();
  session(const session &) = delete;
  session &operator=(const session &) = delete;

  /// Runs to the end. Throws strategy::load_error when the strategy cannot be made or
  /// started, results_file_error when there can be no file for results. To be called once.
  [[nodiscard]] session_outcome run();

  /// What has come of the run so far, for the process is about to die: the tasks that are not
  /// done are abandoned, results that wait are written. [thread-safe], also while run() runs.
  [[nodiscard]] session_outcome cut_off(const crash &by);

  /// [thread-safe], also while run() runs.
  [[nodiscard]] metrics::task_totals totals() const;
  [[nodiscard]] metrics::task_counts counts() const noexcept;  ///< async-signal-safe
  [[nodiscard]] std::uint64_t active_jobs() const;
  [[nodiscard]] std::vector<job_info> jobs() const;
  /// What the strategy has probably left behind, while it runs; all that it has, once it
  /// is stopped.
  [[nodiscard]] left_behind find_left_behind() const;
  /// The heap when most was in use so far.
  [[nodiscard]] const profiling::peak_heap &peak_heap() const;
  [[nodiscard]] bool is_ready() const noexcept;  ///< takes tasks, or has done them all
  [[nodiscard]] const std::vector<std::string> &operation_names() const;
  [[nodiscard]] const workload &tasks() const;
  /// Tasks that have run longer than the config's task_timeout and still run.
  [[nodiscard]] std::vector<stuck_task> overdue_tasks() const;
  /// How many tasks ever ran longer.
  [[nodiscard]] std::uint64_t task_timeouts() const;

 private:
  class course;
  std::unique_ptr<course> course_;
};

}  // namespace taskworker::worker
