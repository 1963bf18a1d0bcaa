// SPDX-License-Identifier: MIT
#include "worker/watchdog.hpp"

#include <pthread.h>

#include <algorithm>
#include <utility>

namespace taskworker::worker {
namespace {

/// Between two looks: a part of the limit, so that a task is found late by little.
constexpr int looks_in_limit = 4;
constexpr std::chrono::nanoseconds shortest_period = std::chrono::milliseconds(1);
constexpr std::chrono::nanoseconds longest_period = std::chrono::milliseconds(100);

}  // namespace

watchdog::watchdog(std::chrono::nanoseconds limit,
                   std::function<std::vector<busy_worker>()> running,
                   std::function<void(std::vector<stuck_task>)> report)
    : running_(std::move(running)), report_(std::move(report)), tasks_(limit) {
  if (limit.count() == 0) return;
  const auto period = std::clamp(limit / looks_in_limit, shortest_period, longest_period);
  thread_ = std::thread([this, period] { watch(period); });
}

watchdog::~watchdog() {
  ending_.set(1);
  if (thread_.joinable()) thread_.join();
}

// Not by a condition variable: this is no wait that a profile of waits should show.
void watchdog::watch(std::chrono::nanoseconds period) {
  ::pthread_setname_np(::pthread_self(), "tw-watchdog");
  while (!ending_.wait_while(0, period)) {
    std::vector<stuck_task> late;
    {
      const std::lock_guard lock(mutex_);
      look_locked();
      late = tasks_.take_new();
    }
    if (!late.empty()) report_(std::move(late));
  }
}

void watchdog::look() {
  const std::lock_guard lock(mutex_);
  look_locked();
}

std::vector<stuck_task> watchdog::running() {
  const std::lock_guard lock(mutex_);
  look_locked();
  return tasks_.running();
}

std::vector<stuck_task> watchdog::overdue() {
  const std::lock_guard lock(mutex_);
  look_locked();
  return tasks_.overdue();
}

std::uint64_t watchdog::timeouts() {
  const std::lock_guard lock(mutex_);
  return tasks_.timeouts();
}

void watchdog::look_locked() { tasks_.look(std::chrono::steady_clock::now(), running_()); }

}  // namespace taskworker::worker
