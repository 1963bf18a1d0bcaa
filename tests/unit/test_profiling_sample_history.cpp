// SPDX-License-Identifier: MIT
#include <cstdint>
#include <numeric>
#include <vector>

#include "catch.hpp"
#include "profiling/cpu/sample_history.hpp"

using namespace taskworker::profiling;

namespace {

constexpr std::uint64_t second = 1'000'000'000;
constexpr std::uint64_t period = second / 20;

sample_line line_at(std::uintptr_t frame) {
  sample_line line;
  line.frames = {frame};
  return line;
}

const sample_labels labels("mine", {});

std::int64_t count_samples(const profile &from) {
  return std::accumulate(
      from.samples.begin(), from.samples.end(), std::int64_t{0},
      [](std::int64_t sum, const profile_sample &each) { return sum + each.values[0]; });
}

bool has_frame(const profile &in, std::uintptr_t frame) {
  for (const auto &each : in.samples) {
    if (each.frames == std::vector<std::uintptr_t>{frame}) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("the time just gone is what was sampled in it", "[profiling_sample_history]") {
  sample_history history(20, 60 * second, 0, 1);
  for (std::uint64_t at = 1; at <= 30; ++at) {
    history.add({line_at(0x1000 + at), 1, at * second, period});
  }
  const profile result = history.read(10 * second, 30 * second, labels);
  CHECK(count_samples(result) == 11);  // both ends count
  CHECK(has_frame(result, 0x1000 + 20));
  CHECK_FALSE(has_frame(result, 0x1000 + 19));
  CHECK(result.duration_ns == 10'000'000'000);
  CHECK(result.period == 50'000'000);
}

TEST_CASE("no more time is promised than was seen", "[profiling_sample_history]") {
  sample_history history(20, 60 * second, 100 * second, 1);
  history.add({line_at(0x1000), 1, 99 * second, period});
  history.add({line_at(0x1000), 1, 101 * second, period});
  const profile result = history.read(60 * second, 105 * second, labels);
  CHECK(result.duration_ns == 5'000'000'000);
  CHECK(count_samples(result) == 1);
}

TEST_CASE("what is older than the history is forgotten", "[profiling_sample_history]") {
  sample_history history(20, 60 * second, 0, 1);
  history.add({line_at(0x1000), 1, 1 * second, period});
  history.add({line_at(0x2000), 1, 50 * second, period});
  history.add({line_at(0x3000), 1, 70 * second, period});
  const profile result = history.read(1000 * second, 70 * second, labels);
  CHECK(result.duration_ns == 60'000'000'000);
  CHECK(count_samples(result) == 2);
  CHECK_FALSE(has_frame(result, 0x1000));
  // With nothing new, time goes on as well.
  CHECK(count_samples(history.read(60 * second, 200 * second, labels)) == 0);
}

TEST_CASE("samples of a higher rate are thinned", "[profiling_sample_history]") {
  sample_history history(20, 60 * second, 0, 1);
  for (std::uint64_t i = 0; i < 1000; ++i) history.add({line_at(0x1000), 1, i, period / 5});
  CHECK(count_samples(history.read(60 * second, second, labels)) == 200);
}

TEST_CASE("a history that is full forgets its oldest samples and says so",
          "[profiling_sample_history]") {
  sample_history history(20, 600 * second, 0, 1);
  for (std::uint64_t i = 0; i < sample_history::max_samples + 100; ++i) {
    history.add({line_at(0x1000), 1, 1 + i, period});
  }
  const std::uint64_t end = sample_history::max_samples + 100;
  const profile result = history.read(600 * second, end, labels);
  CHECK(count_samples(result) == sample_history::max_samples);
  CHECK(result.duration_ns == static_cast<std::int64_t>(sample_history::max_samples) - 1);
}

TEST_CASE("lines beyond what is kept are seen as such, until there is room again",
          "[profiling_sample_history]") {
  constexpr std::uintptr_t full = address_of(synthetic_frame::history_full);
  sample_history history(20, 60 * second, 0, 1);
  for (std::size_t i = 0; i < sample_history::max_lines + 5; ++i) {
    history.add({line_at(0x10'0000 + i), 1, second, period});
  }
  const profile crowded = history.read(60 * second, 2 * second, labels);
  CHECK(count_samples(crowded) == sample_history::max_lines + 5);
  REQUIRE(has_frame(crowded, full));
  CHECK(crowded.samples[0].values[0] == 5);

  history.add({line_at(0x1), 1, 100 * second, period});
  const profile later = history.read(60 * second, 100 * second, labels);
  CHECK(count_samples(later) == 1);
  CHECK(has_frame(later, 0x1));
}
