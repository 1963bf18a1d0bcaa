// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "worker/pool.hpp"
#include "worker/session_outcome.hpp"

namespace taskworker::worker {

/// How long workers have been at their tasks, found by looking again and again: when a task began
/// is not recorded, so it has run for at least the time since a look first saw it. A task that
/// runs too long is noticed late by at most the time between two looks, never early.
///
/// Without clock and threads of its own. One thread at a time.
class task_watch {
 public:
  using time = std::chrono::steady_clock::time_point;

  /// `limit`: how long a task may run; 0 = as long as it likes.
  explicit task_watch(std::chrono::nanoseconds limit) : limit_(limit) {}

  /// `running`: what the workers are at now.
  void look(time now, std::span<const busy_worker> running);

  /// What ran at the last look.
  [[nodiscard]] std::vector<stuck_task> running() const;
  /// Those that were over the limit.
  [[nodiscard]] std::vector<stuck_task> overdue() const;
  /// Those that no earlier call has returned.
  [[nodiscard]] std::vector<stuck_task> take_new();

  /// How many tasks ever were over the limit.
  [[nodiscard]] std::uint64_t timeouts() const { return timeouts_; }

 private:
  struct watched {
    busy_worker at;
    time seen;
    bool is_overdue = false;
    bool is_taken = false;
  };
  [[nodiscard]] watched find(const busy_worker &at, time now) const;
  [[nodiscard]] stuck_task describe(const watched &task) const;

  const std::chrono::nanoseconds limit_;
  std::vector<watched> tasks_;
  time last_look_;
  std::uint64_t timeouts_ = 0;
};

}  // namespace taskworker::worker
