// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace taskworker::metrics {

/// The clock of the per-task path: the processor's time stamp counter where the
/// kernel itself trusts it as its clock source (10 ns a read here, against 25 ns
/// for CLOCK_MONOTONIC), else CLOCK_MONOTONIC in nanoseconds.
///
/// Ticks are comparable between threads. The rate is measured once against
/// CLOCK_MONOTONIC, when a rate is first asked for, over at least 2 ms since the
/// start of the program, and then stays as it is, so that a duration in ticks has
/// one meaning for the whole run. [thread-safe]
class tick_clock {
 public:
  [[nodiscard]] static std::uint64_t now() noexcept {
#if defined(__x86_64__)
    if (uses_tsc_) return __rdtsc();
#endif
    return monotonic_ns();
  }

  /// True when ticks are those of the time stamp counter.
  [[nodiscard]] static bool uses_tsc() noexcept { return uses_tsc_; }

  [[nodiscard]] static double ns_per_tick() noexcept;
  [[nodiscard]] static double to_ns(std::uint64_t ticks) noexcept {
    return static_cast<double>(ticks) * ns_per_tick();
  }
  [[nodiscard]] static double to_seconds(std::uint64_t ticks) noexcept {
    return to_ns(ticks) * 1e-9;
  }
  [[nodiscard]] static std::uint64_t from_duration(std::chrono::nanoseconds duration) noexcept {
    return static_cast<std::uint64_t>(static_cast<double>(duration.count()) / ns_per_tick());
  }

  /// What it cannot tell apart, in seconds: two reads in a row are so far apart, or the counter
  /// takes steps that large (10 ns on an AMD EPYC, where it counts 26 ticks at once). A moment of
  /// reads, measured each time.
  [[nodiscard]] static double step_seconds();

  /// CLOCK_MONOTONIC in nanoseconds.
  [[nodiscard]] static std::uint64_t monotonic_ns() noexcept;

 private:
  static const bool uses_tsc_;
};

}  // namespace taskworker::metrics
