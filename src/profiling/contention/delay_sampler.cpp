// SPDX-License-Identifier: MIT
#include "profiling/contention/delay_sampler.hpp"

#include <algorithm>

namespace taskworker::profiling {

delay_sampler::weight delay_sampler::weigh(std::uint64_t delay_ns, std::uint64_t now_ns,
                                           std::uint64_t random) noexcept {
  const std::uint64_t threshold = threshold_ns();
  if (delay_ns >= threshold) {
    count_chosen(now_ns);
    return {1, delay_ns};
  }
  // Evenly spread in [0, threshold), so it is one of `delay` values with that chance; and
  // what it is of those then rounds the number of events, up as often as is fair.
  const std::uint64_t drawn = random % threshold;
  if (drawn >= delay_ns) return {};
  count_chosen(now_ns);
  return {(threshold + drawn) / delay_ns, threshold};
}

void delay_sampler::count_chosen(std::uint64_t now_ns) noexcept {
  const std::uint64_t chosen = chosen_in_window_.fetch_add(1, std::memory_order_relaxed) + 1;
  std::uint64_t start = window_start_ns_.load(std::memory_order_relaxed);
  // Clocks of several threads: one may be a little behind the start.
  const std::uint64_t windows = now_ns > start ? (now_ns - start) / window_ns : 0;
  if (chosen < budget && windows == 0) return;
  // The one thread that moves the window adapts the threshold.
  if (!window_start_ns_.compare_exchange_strong(start, std::max(now_ns, start + 1),
                                                std::memory_order_relaxed)) {
    return;
  }
  chosen_in_window_.store(0, std::memory_order_relaxed);
  std::uint64_t threshold = threshold_ns();
  if (chosen >= budget && windows == 0) {
    threshold *= 2;
  } else if (chosen < budget / 4) {
    threshold >>= std::min<std::uint64_t>(windows, 63);
  }
  threshold_ns_.store(std::max(threshold, least_threshold_ns), std::memory_order_relaxed);
}

}  // namespace taskworker::profiling
