// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "profiling/cpu/sample_window.hpp"

using namespace taskworker::profiling;

namespace {

constexpr std::uint64_t period = 10'000'000;  // of 100 Hz

sample_line line_at(std::uintptr_t frame, std::string_view thread = "busy") {
  sample_line line;
  line.frames = {frame, 0x1000};
  std::copy(thread.begin(), thread.end(), line.thread.begin());
  return line;
}

const sample_labels labels("mine", {"read", "write"});

sample_window window_from(std::uint64_t begin_ns) {
  sample_window window(100, 1);
  window.begin(begin_ns);
  return window;
}

}  // namespace

TEST_CASE("a window says what it is", "[profiling_sample_window]") {
  const profile empty = window_from(1000).read(5000, labels);
  CHECK(empty.sample_types ==
        std::vector<value_type>{{"samples", "count"}, {"cpu", "nanoseconds"}});
  CHECK(empty.default_sample_type.empty());
  CHECK(empty.period_type == value_type{"cpu", "nanoseconds"});
  CHECK(empty.period == 10'000'000);
  CHECK(empty.duration_ns == 4000);
  CHECK(empty.time_ns > 0);
  CHECK(empty.samples.empty());
}

TEST_CASE("samples of one line are added up, of others not", "[profiling_sample_window]") {
  auto window = window_from(0);
  const auto often = line_at(0x2000);
  const auto seldom = line_at(0x3000);
  const auto other_thread = line_at(0x2000, "other");
  auto other_operation = often;
  other_operation.worker = 3;
  other_operation.operation = 1;
  for (int i = 0; i < 5; ++i) window.add({often, 1, 10, period});
  window.add({seldom, 1, 10, 2 * period});
  window.add({other_thread, 2, 10, period});
  window.add({other_operation, 1, 10, period});

  const profile result = window.read(100, labels);
  REQUIRE(result.samples.size() == 4);
  CHECK(result.samples[0].frames == often.frames);
  CHECK(result.samples[0].values == std::vector<std::int64_t>{5, 50'000'000});
  CHECK(result.samples[0].labels ==
        std::vector<label>{
            {"operation", "none"}, {"strategy", "mine"}, {"thread", "busy"}, {"worker", "none"}});
  CHECK(result.samples[1].frames == seldom.frames);
  CHECK(result.samples[1].values == std::vector<std::int64_t>{2, 20'000'000});
  const std::vector<label> worker_labels{
      {"operation", "write"}, {"strategy", "mine"}, {"thread", "busy"}, {"worker", "3"}};
  CHECK(std::count_if(result.samples.begin(), result.samples.end(),
                      [&](const auto &sample) { return sample.labels == worker_labels; }) == 1);
}

TEST_CASE("nothing counts that was sampled before the window", "[profiling_sample_window]") {
  const auto line = line_at(0x2000);
  sample_window window(100, 1);
  window.add({line, 1, 999, period});
  window.begin(1000);
  window.add({line, 1, 999, period});
  window.add({line, 1, 1000, period});
  const profile result = window.read(2000, labels);
  REQUIRE(result.samples.size() == 1);
  CHECK(result.samples[0].values[0] == 1);
}

TEST_CASE("windows of different rates see the same CPU time", "[profiling_sample_window]") {
  const auto line = line_at(0x2000);
  sample_window fast(250, 1);
  sample_window slow(20, 2);
  fast.begin(0);
  slow.begin(0);
  for (int i = 0; i < 2500; ++i) {
    const line_time time{line, 1, 10, period_of(250)};
    fast.add(time);
    slow.add(time);
  }
  CHECK(fast.read(100, labels).samples[0].values ==
        std::vector<std::int64_t>{2500, 10'000'000'000});
  CHECK(slow.read(100, labels).samples[0].values == std::vector<std::int64_t>{200, 10'000'000'000});
}

TEST_CASE("more lines than there is room for are counted together", "[profiling_sample_window]") {
  auto window = window_from(0);
  constexpr std::size_t more = 10;
  for (std::size_t i = 0; i < sample_window::max_lines + more; ++i) {
    window.add({line_at(0x10'0000 + i), 1, 10, period});
  }
  const profile result = window.read(100, labels);
  CHECK(result.samples.size() == sample_window::max_lines + 1);
  CHECK(result.samples[0].frames ==
        std::vector<std::uintptr_t>{address_of(synthetic_frame::table_full)});
  CHECK(result.samples[0].values[0] == more);
}
