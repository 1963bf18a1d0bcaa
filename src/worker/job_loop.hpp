// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/ext/jobs.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "profiling/running_task.hpp"
#include "profiling/stack.hpp"

namespace taskworker::worker {

/// A job that is alive, at one moment. Times are CLOCK_MONOTONIC in nanoseconds.
struct job_info {
  taskworker_job_id id = 0;
  profiling::stack started_by;      ///< the stack that called jobs/1 start()
  profiling::task_mark started_in;  ///< whom the thread worked for that called it
  std::uint64_t period_ns = 0;
  std::uint64_t started_ns = 0;
  std::uint64_t last_run_ns = 0;  ///< 0 = never yet
  std::uint64_t runs = 0;
};

/// Runs the periodic jobs of one instance, one callback at a time, on a thread of
/// its own (an Asio loop named "tw-jobs"). The contract of a job is that of
/// ext/jobs.h. Its memory is the host's own: it does not count as allocated by the
/// strategy that starts a job.
class job_loop {
 public:
  /// `misbehaviour` is told, on the loop's thread, of an exception that came out of
  /// a callback.
  explicit job_loop(std::function<void(const std::string &)> misbehaviour);

  /// Ends the thread; jobs that are left are dropped without their release.
  ~job_loop();
  job_loop(const job_loop &) = delete;
  job_loop &operator=(const job_loop &) = delete;

  /// [thread-safe]
  taskworker_job_id start(std::uint64_t period_ns, taskworker_job_callback callback, void *context,
                          taskworker_job_release release) noexcept;
  void cancel(taskworker_job_id id) noexcept;

  /// Jobs that were started and not cancelled. [thread-safe]
  [[nodiscard]] std::uint64_t active() const noexcept;
  [[nodiscard]] std::vector<job_info> list() const;

  /// Refuses new jobs from now on, cancels every job, and waits until all are
  /// released. False when that took longer than `limit`: a callback is stuck.
  [[nodiscard]] bool close(std::chrono::nanoseconds limit);

 private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace taskworker::worker
