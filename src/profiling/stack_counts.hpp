// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "profiling/stack.hpp"

namespace taskworker::profiling {

/// Counts events by the stack that caused them, in a table of fixed size: adding takes no
/// lock, allocates nothing and forgets nothing, so it may happen inside pthread functions.
/// For static storage: constant-initialized, and its pages stay untouched until used.
class stack_counts {
 public:
  /// Different stacks that are told apart; further ones are counted together.
  static constexpr std::size_t capacity = 2048;

  /// [thread-safe]
  void add(const stack &where, std::uint64_t events, std::uint64_t amount) noexcept;

  /// Calls `visit` for each stack; the one without frames stands for all that found no
  /// place. The two numbers may be of slightly different moments. [thread-safe]
  void read(const std::function<void(std::span<const std::uintptr_t> frames, std::uint64_t events,
                                     std::uint64_t amount)> &visit) const;

 private:
  struct entry {
    std::atomic<std::uint64_t> hash;   // 0 = free. Two stacks of one hash count as one
    std::atomic<std::uint32_t> depth;  // 0 until the frames are written
    std::atomic<std::uint64_t> events;
    std::atomic<std::uint64_t> amount;
    std::array<std::uintptr_t, stack::max_depth> frames;
  };

  static std::uint64_t hash_of(const stack &where) noexcept;
  entry *find_or_claim(const stack &where) noexcept;

  std::array<entry, capacity> entries_{};
  std::atomic<std::uint64_t> other_events_{0};
  std::atomic<std::uint64_t> other_amount_{0};
};

}  // namespace taskworker::profiling
