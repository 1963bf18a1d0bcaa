// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

namespace taskworker::profiling {

/// Chooses which delays are recorded, so that recording has a bounded cost and totals hold.
/// A delay of at least the threshold is always chosen; a shorter one with the chance
/// delay/threshold, and then stands for threshold/delay of its kind (as Go's
/// runtime.SetBlockProfileRate).
///
/// The threshold is `least_threshold_ns` and doubles whenever `budget` delays were chosen
/// within `window_ns`; it falls again as fewer are. What was chosen by then keeps its
/// weight, so that the expected totals do not depend on it. Constant-initialized.
/// [thread-safe]
class delay_sampler {
 public:
  /// Recording one takes some 3 us: 15 % of a delay of this length, in a thread that did
  /// nothing meanwhile. The budget is 1.5 % of one processor.
  static constexpr std::uint64_t least_threshold_ns = 20'000;
  static constexpr std::uint64_t window_ns = 100'000'000;
  static constexpr std::uint64_t budget = 500;

  struct weight {
    std::uint64_t events = 0;  ///< 0 = not chosen
    std::uint64_t delay_ns = 0;
  };

  /// `random`: any 64 bits, evenly spread. Times are nanoseconds of one clock.
  [[nodiscard]] weight weigh(std::uint64_t delay_ns, std::uint64_t now_ns,
                             std::uint64_t random) noexcept;

  [[nodiscard]] std::uint64_t threshold_ns() const noexcept {
    return threshold_ns_.load(std::memory_order_relaxed);
  }

 private:
  void count_chosen(std::uint64_t now_ns) noexcept;

  std::atomic<std::uint64_t> threshold_ns_{least_threshold_ns};
  std::atomic<std::uint64_t> window_start_ns_{0};
  std::atomic<std::uint64_t> chosen_in_window_{0};
};

}  // namespace taskworker::profiling
