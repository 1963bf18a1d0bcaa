// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace taskworker::worker {

/// Where the task source waits while all queues are full. A worker that has made
/// room opens the gate; that costs it a fence and a load while nobody waits.
class space_gate {
 public:
  /// Wakes the waiting thread. [thread-safe]
  void open() noexcept {
    // With the fence in wait(): either the waiter sees the room that was made
    // before this call, or this call sees the waiter.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (!waiting_.load(std::memory_order_relaxed)) return;
    const std::lock_guard lock(mutex_);
    waiting_.store(false, std::memory_order_relaxed);
    opened_.notify_one();
  }

  /// Waits until `ready()` is true before the wait, or the gate is opened, or
  /// `deadline` has come. One thread only.
  template <typename Ready>
  void wait(Ready ready, std::chrono::steady_clock::time_point deadline =
                             std::chrono::steady_clock::time_point::max()) {
    std::unique_lock lock(mutex_);
    waiting_.store(true, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    const auto is_open = [this] { return !waiting_.load(std::memory_order_relaxed); };
    if (!ready()) {
      if (deadline == std::chrono::steady_clock::time_point::max()) {
        opened_.wait(lock, is_open);
      } else {
        opened_.wait_until(lock, deadline, is_open);
      }
    }
    waiting_.store(false, std::memory_order_relaxed);
  }

 private:
  std::atomic<bool> waiting_{false};
  std::mutex mutex_;
  std::condition_variable opened_;
};

}  // namespace taskworker::worker
