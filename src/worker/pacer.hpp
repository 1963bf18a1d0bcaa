// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

namespace taskworker::worker {

/// When the tasks of a run at a fixed rate are due. Task n is due n/rate seconds
/// after the start, whatever became of the tasks before: a queue that was full
/// counts as waiting time of the tasks it delayed. Times are nanoseconds since the
/// start.
class pacer {
 public:
  /// `rate`: tasks per second; 0 = all are due at once.
  explicit pacer(std::uint64_t rate) : rate_(rate) {}

  [[nodiscard]] bool is_paced() const { return rate_ != 0; }

  /// How many tasks, of those not yet produced, are due at `now_ns`; at most `wanted`.
  [[nodiscard]] std::uint64_t due(std::uint64_t produced, std::uint64_t now_ns,
                                  std::uint64_t wanted) const {
    if (!is_paced()) return wanted;
    std::uint64_t count = 0;
    while (count < wanted && due_ns(produced + count) <= now_ns) ++count;
    return count;
  }

  /// How long task `number` has been due at `now_ns`; 0 when it is not yet, or without a rate.
  [[nodiscard]] std::uint64_t late_ns(std::uint64_t number, std::uint64_t now_ns) const {
    const std::uint64_t due = is_paced() ? due_ns(number) : now_ns;
    return due < now_ns ? now_ns - due : 0;
  }

  /// When task `number`, counted from 0, is due.
  [[nodiscard]] std::uint64_t due_ns(std::uint64_t number) const {
    if (!is_paced()) return 0;
    // In two parts, so that no product overflows: number/rate seconds.
    constexpr std::uint64_t second = 1'000'000'000;
    return number / rate_ * second + number % rate_ * second / rate_;
  }

 private:
  const std::uint64_t rate_;
};

}  // namespace taskworker::worker
