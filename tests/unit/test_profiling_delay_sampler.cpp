// SPDX-License-Identifier: MIT
#include <cstdint>
#include <random>

#include "catch.hpp"
#include "profiling/contention/delay_sampler.hpp"

using taskworker::profiling::delay_sampler;

namespace {

constexpr std::uint64_t threshold = delay_sampler::least_threshold_ns;
constexpr std::uint64_t window = delay_sampler::window_ns;

// Chooses long delays, all at one time.
void choose(delay_sampler &sampler, std::uint64_t count, std::uint64_t now_ns) {
  for (std::uint64_t i = 0; i < count; ++i) {
    REQUIRE(sampler.weigh(window, now_ns, 0).events == 1);
  }
}

}  // namespace

TEST_CASE("a long delay is always chosen, as it is", "[profiling_delay_sampler]") {
  for (const std::uint64_t random : {std::uint64_t{0}, threshold, ~std::uint64_t{0}}) {
    delay_sampler sampler;
    const auto chosen = sampler.weigh(threshold, 1, random);
    CHECK(chosen.events == 1);
    CHECK(chosen.delay_ns == threshold);
  }
}

TEST_CASE("no delay is never chosen", "[profiling_delay_sampler]") {
  delay_sampler sampler;
  CHECK(sampler.weigh(0, 1, 0).events == 0);
}

TEST_CASE("short delays keep their expected number and total", "[profiling_delay_sampler]") {
  // Every value that chance can draw, once: the mean is then exact. The times are so far
  // apart that the budget does not matter.
  for (const std::uint64_t delay : {std::uint64_t{1}, std::uint64_t{7}, std::uint64_t{300},
                                    std::uint64_t{13'000}, threshold - 1}) {
    delay_sampler sampler;
    std::uint64_t events = 0;
    std::uint64_t total = 0;
    for (std::uint64_t random = 0; random < threshold; ++random) {
      const auto chosen = sampler.weigh(delay, random * window, random);
      events += chosen.events;
      total += chosen.delay_ns;
    }
    CHECK(events == threshold);
    CHECK(total == threshold * delay);
  }
}

TEST_CASE("a spent budget doubles the threshold", "[profiling_delay_sampler]") {
  delay_sampler sampler;
  choose(sampler, delay_sampler::budget + 1, window);
  CHECK(sampler.threshold_ns() == threshold * 2);
  choose(sampler, delay_sampler::budget, window + 1);
  CHECK(sampler.threshold_ns() == threshold * 4);
}

TEST_CASE("the threshold falls when few were chosen, never below the least",
          "[profiling_delay_sampler]") {
  delay_sampler sampler;
  choose(sampler, 3 * delay_sampler::budget + 1, window);
  REQUIRE(sampler.threshold_ns() == threshold * 8);
  choose(sampler, 1, 2 * window + 10);
  CHECK(sampler.threshold_ns() == threshold * 4);
  choose(sampler, 1, 100 * window);
  CHECK(sampler.threshold_ns() == threshold);
}

TEST_CASE("the threshold stays while the budget is used but not spent",
          "[profiling_delay_sampler]") {
  delay_sampler sampler;
  choose(sampler, delay_sampler::budget + 1, window);
  choose(sampler, delay_sampler::budget / 2, window + 1);
  choose(sampler, 1, 2 * window + 10);
  CHECK(sampler.threshold_ns() == threshold * 2);
}

TEST_CASE("totals hold while the threshold moves", "[profiling_delay_sampler]") {
  delay_sampler sampler;
  std::mt19937_64 random(1);
  std::uint64_t now = 0;
  double expected = 0;
  double recorded = 0;
  // A storm of short delays, many more than the budget allows.
  for (int i = 0; i < 1'000'000; ++i) {
    const std::uint64_t delay = random() % 20'000;
    now += 1'000;
    expected += static_cast<double>(delay);
    recorded += static_cast<double>(sampler.weigh(delay, now, random()).delay_ns);
  }
  CHECK(sampler.threshold_ns() > threshold);
  CHECK(recorded == Approx(expected).epsilon(0.1));
}
