// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

namespace taskworker::metrics {

/// A counter that one thread writes and any thread reads: plain loads and stores
/// in the generated code, no lock and no locked instruction. A reader may see
/// related counters at slightly different moments; whoever sees a count sees what
/// its writer had written, or seen, before.
class single_writer_counter {
 public:
  void add(std::uint64_t amount = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_release);
  }
  void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_release); }
  [[nodiscard]] std::uint64_t get() const noexcept {
    return value_.load(std::memory_order_acquire);
  }

 private:
  std::atomic<std::uint64_t> value_{0};
};

}  // namespace taskworker::metrics
