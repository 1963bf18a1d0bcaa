// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "worker/payload_buffer.hpp"

namespace taskworker::worker {

/// A task on its way to a worker, and the memory that its payload may lie in. One
/// cache line: a task costs one line moved between two cores.
struct alignas(64) task_slot {
  taskworker_task task{};
  std::uint64_t due = 0;  ///< ticks: when the task was handed over, or should have been
  payload_buffer buffer;  ///< the source's to use; kept for the next task in this slot
};
static_assert(sizeof(task_slot) == 64);

/// A bounded queue between the task source and one worker: a ring of slots that
/// are filled and processed in place. Exactly one thread fills, exactly one takes.
class task_queue {
 public:
  /// REQUIRES: capacity >= 1. Any number; the ring itself is the next power of two.
  explicit task_queue(std::size_t capacity)
      : capacity_(capacity), slots_(std::bit_ceil(capacity)), mask_(slots_.size() - 1) {}

  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

  /// Tasks that were published and not yet popped. [thread-safe]
  [[nodiscard]] std::size_t size() const noexcept {
    const std::uint64_t head = head_.load(std::memory_order_acquire);
    return static_cast<std::size_t>(tail_.load(std::memory_order_acquire) - head);
  }

  /// Free slots that lie side by side, at most `wanted`; empty when the queue is
  /// full. [the filling thread]
  [[nodiscard]] std::span<task_slot> free_slots(std::size_t wanted) noexcept {
    const std::uint64_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - known_head_ >= capacity_) known_head_ = head_.load(std::memory_order_acquire);
    const std::size_t free = capacity_ - static_cast<std::size_t>(tail - known_head_);
    const std::size_t first = static_cast<std::size_t>(tail) & mask_;
    return {&slots_[first], std::min({wanted, free, slots_.size() - first})};
  }

  /// Hands over the first `count` of the slots that free_slots() returned.
  /// [the filling thread]
  void publish(std::size_t count) noexcept {
    tail_.store(tail_.load(std::memory_order_relaxed) + count, std::memory_order_release);
  }

  /// Tasks that lie side by side, oldest first, at most `wanted`; empty when there
  /// is none. Their slots stay valid until popped. [the taking thread]
  [[nodiscard]] std::span<task_slot> waiting(std::size_t wanted) noexcept {
    const std::uint64_t head = head_.load(std::memory_order_relaxed);
    if (head == known_tail_) known_tail_ = tail_.load(std::memory_order_acquire);
    const std::size_t first = static_cast<std::size_t>(head) & mask_;
    return {&slots_[first], std::min({wanted, static_cast<std::size_t>(known_tail_ - head),
                                      slots_.size() - first})};
  }

  /// Gives back the slot of the oldest task. [the taking thread]
  void pop() noexcept {
    head_.store(head_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

 private:
  // Constant after construction.
  const std::size_t capacity_;
  std::vector<task_slot> slots_;
  const std::size_t mask_;

  // Written by the filling thread.
  alignas(64) std::atomic<std::uint64_t> tail_{0};
  std::uint64_t known_head_ = 0;  ///< head_ as last seen: read anew only when it says full

  // Written by the taking thread.
  alignas(64) std::atomic<std::uint64_t> head_{0};
  std::uint64_t known_tail_ = 0;  ///< tail_ as last seen: read anew only when it says empty
};

}  // namespace taskworker::worker
