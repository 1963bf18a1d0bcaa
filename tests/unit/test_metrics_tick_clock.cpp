// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "metrics/tick_clock.hpp"

using taskworker::metrics::tick_clock;

TEST_CASE("ticks agree with CLOCK_MONOTONIC", "[metrics_tick_clock]") {
  const std::uint64_t ticks = tick_clock::now();
  const std::uint64_t ns = tick_clock::monotonic_ns();
  while (tick_clock::monotonic_ns() - ns < 20'000'000) {
  }
  // Read in this order the ticks cover all of the nanoseconds; being interrupted
  // between the two reads can only make them more.
  const std::uint64_t ns_passed = tick_clock::monotonic_ns() - ns;
  const double measured = tick_clock::to_ns(tick_clock::now() - ticks);
  CHECK(measured >= static_cast<double>(ns_passed) * 0.999);
}

TEST_CASE("a step of the clock is longer than nothing, and shorter than any task worth a look",
          "[metrics_tick_clock]") {
  CHECK(tick_clock::step_seconds() > 0);
  CHECK(tick_clock::step_seconds() < 10e-6);
}

TEST_CASE("durations and ticks convert both ways", "[metrics_tick_clock]") {
  const auto ticks = tick_clock::from_duration(std::chrono::seconds(1));
  CHECK(tick_clock::to_seconds(ticks) == Approx(1.0).epsilon(1e-6));
  CHECK(tick_clock::ns_per_tick() == tick_clock::ns_per_tick());
}
