// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "worker/pool.hpp"
#include "worker/session_outcome.hpp"
#include "worker/signal_latch.hpp"
#include "worker/task_watch.hpp"

namespace taskworker::worker {

/// Watches for tasks that run too long, on a thread of its own ("tw-watchdog"), so that nothing
/// that hangs keeps it from being told. All members are [thread-safe].
class watchdog {
 public:
  /// `limit`: how long a task may run; 0 = there is no thread, and nothing is ever overdue.
  /// `running`: what the workers are at; [thread-safe]. `report` is told, on the watchdog's
  /// thread, once of each task that is over the limit; its stack is empty.
  watchdog(std::chrono::nanoseconds limit, std::function<std::vector<busy_worker>()> running,
           std::function<void(std::vector<stuck_task>)> report);
  ~watchdog();
  watchdog(const watchdog &) = delete;
  watchdog &operator=(const watchdog &) = delete;

  /// To be called now and then: what was not looked at before counts as just begun.
  void look();

  /// The tasks that run now.
  [[nodiscard]] std::vector<stuck_task> running();
  /// Those of them that are over the limit.
  [[nodiscard]] std::vector<stuck_task> overdue();
  /// How many tasks ever were.
  [[nodiscard]] std::uint64_t timeouts();

 private:
  void watch(std::chrono::nanoseconds period);
  void look_locked();

  const std::function<std::vector<busy_worker>()> running_;
  const std::function<void(std::vector<stuck_task>)> report_;
  std::mutex mutex_;
  task_watch tasks_;  ///< protected by mutex_
  signal_latch ending_{0};
  std::thread thread_;
};

}  // namespace taskworker::worker
