// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "profiling/cpu/stack_sample.hpp"

namespace taskworker::profiling {

/// A queue of samples of fixed size that any thread puts into, also in a signal handler, and
/// one takes from, in order. For static storage: all zero at first, so that its pages stay
/// untouched until used. No lock, nothing allocated.
///
/// One for all threads, not one for each: a strategy may run a thousand threads, nearly all
/// asleep, and a ring for each would be mostly empty memory that has to be handed out, found
/// and given back as threads come and go. The price, one contended counter, is paid only some
/// hundred times a second for each CPU.
class sample_ring {
 public:
  /// 250 Hz on 40 CPUs fill a quarter of it between two looks of the profiler (50 ms).
  static constexpr std::size_t capacity = 2048;

  class entry {
   public:
    [[nodiscard]] stack_sample &sample() noexcept;

   private:
    friend sample_ring;
    std::uint64_t turn_;
    alignas(stack_sample) std::array<std::byte, sizeof(stack_sample)> storage_;
  };

  /// A place for a sample, which is as newly made. Null when there is none. To be followed
  /// by publish(). Async-signal-safe.
  [[nodiscard]] entry *claim() noexcept;
  void publish(entry &filled) noexcept;

  /// Hands over and forgets all samples up to the first that is still being filled. To be
  /// called by one thread at a time; the sample is valid during the call.
  void take(const std::function<void(const stack_sample &)> &use);

 private:
  // The turn of an entry counts its lives: 2 * lap when it is free for that lap of the
  // ring, one more when it is filled. So zeros are a ring that is ready.
  std::array<entry, capacity> entries_{};
  std::uint64_t next_claim_ = 0;
  std::uint64_t next_take_ = 0;
};

}  // namespace taskworker::profiling
