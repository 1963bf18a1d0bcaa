// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace taskworker::worker {

/// A number that threads and signal handlers wait for to change. All members are
/// async-signal-safe, as those of std::counting_semaphore need not be. [thread-safe]
class signal_latch {
 public:
  explicit constexpr signal_latch(std::uint32_t value) noexcept : value_(value) {}

  [[nodiscard]] std::uint32_t value() const noexcept {
    return value_.load(std::memory_order_acquire);
  }
  /// And wakes all that wait.
  void set(std::uint32_t value) noexcept;
  /// As set(), when it holds `expected`; else nothing, and false.
  [[nodiscard]] bool change(std::uint32_t expected, std::uint32_t value) noexcept;

  /// While it holds `value`.
  void wait_while(std::uint32_t value) const noexcept;
  /// The same; false when that took longer than `limit`.
  [[nodiscard]] bool wait_while(std::uint32_t value, std::chrono::nanoseconds limit) const noexcept;

 private:
  void wake() const noexcept;

  std::atomic<std::uint32_t> value_;
};

}  // namespace taskworker::worker
