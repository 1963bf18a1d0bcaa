// SPDX-License-Identifier: MIT
#include "metrics/tick_clock.hpp"

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <string>
#include <vector>

namespace taskworker::metrics {
namespace {

bool kernel_trusts_tsc() {
#if defined(__x86_64__)
  std::ifstream file("/sys/devices/system/clocksource/clocksource0/current_clocksource");
  std::string source;
  return file >> source && source == "tsc";
#else
  return false;
#endif
}

struct moment {
  std::uint64_t ticks = 0;
  std::uint64_t ns = 0;
};

/// Both clocks at one time: the tightest of several readings, since an interrupt
/// between the two reads would pull them apart.
moment read_both() {
  moment best;
  std::uint64_t best_gap = ~std::uint64_t{0};
  for (int attempt = 0; attempt < 8; ++attempt) {
    const std::uint64_t before = tick_clock::now();
    const std::uint64_t ns = tick_clock::monotonic_ns();
    const std::uint64_t after = tick_clock::now();
    if (after - before < best_gap) {
      best_gap = after - before;
      best = {before + (after - before) / 2, ns};
    }
  }
  return best;
}

}  // namespace

const bool tick_clock::uses_tsc_ = kernel_trusts_tsc();

namespace {

const moment program_start = read_both();

double measure_ns_per_tick() {
  if (!tick_clock::uses_tsc()) return 1.0;
  // 2 ms against readings that agree to some 50 ns: 25 millionths.
  constexpr std::uint64_t shortest_ns = 2'000'000;
  moment end = read_both();
  while (end.ns - program_start.ns < shortest_ns) end = read_both();
  return static_cast<double>(end.ns - program_start.ns) /
         static_cast<double>(end.ticks - program_start.ticks);
}

}  // namespace

double tick_clock::ns_per_tick() noexcept {
  static const double measured = measure_ns_per_tick();
  return measured;
}

double tick_clock::step_seconds() {
  constexpr std::size_t wanted = 1'000;
  std::vector<std::uint64_t> steps;
  for (std::uint64_t before = now(); steps.size() < wanted;) {
    const std::uint64_t after = now();
    if (after != before) steps.push_back(after - before);
    before = after;
  }
  // The median: interrupts make some of them long.
  std::ranges::nth_element(steps, steps.begin() + wanted / 2);
  return to_seconds(steps[wanted / 2]);
}

std::uint64_t tick_clock::monotonic_ns() noexcept {
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

}  // namespace taskworker::metrics
