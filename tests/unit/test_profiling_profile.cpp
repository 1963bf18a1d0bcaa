// SPDX-License-Identifier: MIT
#include "profiling/profile.hpp"

#include <limits>
#include <utility>

#include "catch.hpp"

using namespace taskworker::profiling;
using frames = std::vector<std::uintptr_t>;
using values = std::vector<std::int64_t>;
using labels = std::vector<label>;

namespace {

profile make_empty() {
  profile empty;
  empty.sample_types = {{"contentions", "count"}, {"delay", "nanoseconds"}};
  empty.default_sample_type = "delay";
  empty.period_type = {"contentions", "count"};
  empty.period = 1;
  empty.comments = {"a comment"};
  return empty;
}

profile make_profile(std::int64_t time_ns, const std::vector<profile_sample> &samples) {
  profile_builder builder(make_empty());
  for (const auto &sample : samples) builder.add(sample);
  profile built = builder.take();
  built.time_ns = time_ns;
  return built;
}

}  // namespace

TEST_CASE("lines with the same frames and labels are added up", "[profiling_profile]") {
  const auto built =
      make_profile(0, {{{1, 2}, {1, 10}, {{"worker", "0"}}}, {{1, 2}, {2, 20}, {{"worker", "0"}}}});
  REQUIRE(built.samples.size() == 1);
  CHECK(built.samples[0].frames == frames{1, 2});
  CHECK(built.samples[0].values == values{3, 30});
  CHECK(built.samples[0].labels == labels{{"worker", "0"}});
}

TEST_CASE("the order of labels tells no lines apart", "[profiling_profile]") {
  const auto built = make_profile(0, {{{1}, {1, 1}, {{"worker", "0"}, {"operation", "sum"}}},
                                      {{1}, {1, 1}, {{"operation", "sum"}, {"worker", "0"}}}});
  REQUIRE(built.samples.size() == 1);
  CHECK(built.samples[0].values == values{2, 2});
  CHECK(built.samples[0].labels == labels{{"operation", "sum"}, {"worker", "0"}});
}

TEST_CASE("another frame, key or value makes another line", "[profiling_profile]") {
  const auto built = make_profile(0, {{{1}, {1, 1}, {{"worker", "0"}}},
                                      {{2}, {1, 1}, {{"worker", "0"}}},
                                      {{1, 2}, {1, 1}, {{"worker", "0"}}},
                                      {{1}, {1, 1}, {{"worker", "1"}}},
                                      {{1}, {1, 1}, {{"thread", "0"}}},
                                      {{1}, {1, 1}, {}}});
  CHECK(built.samples.size() == 6);
}

TEST_CASE("the line with the largest last value comes first", "[profiling_profile]") {
  const auto built = make_profile(
      0, {{{1}, {9, 10}, {}}, {{2}, {1, 30}, {}}, {{3}, {5, 15}, {}}, {{1}, {0, 10}, {}}});
  REQUIRE(built.samples.size() == 3);
  CHECK(built.samples[0].frames == frames{2});
  CHECK(built.samples[1].frames == frames{1});
  CHECK(built.samples[2].frames == frames{3});
}

TEST_CASE("a sum that is too large stays at the largest number", "[profiling_profile]") {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const auto built = make_profile(0, {{{1}, {most, 1}, {}}, {{1}, {most, 2}, {}}});
  CHECK(built.samples.at(0).values == values{most, 3});
}

TEST_CASE("what is said of a profile stays, and is taken once", "[profiling_profile]") {
  profile_builder builder(make_empty());
  builder.add({{1}, {1, 1}, {}});
  profile_builder moved(std::move(builder));
  const profile built = moved.take();
  CHECK(built.sample_types == make_empty().sample_types);
  CHECK(built.default_sample_type == "delay");
  CHECK(built.period_type == make_empty().period_type);
  CHECK(built.period == 1);
  CHECK(built.comments == make_empty().comments);
  CHECK(built.samples.size() == 1);
  CHECK(moved.take().samples.empty());
}

TEST_CASE("the difference of two profiles is what came between", "[profiling_profile]") {
  const auto before = make_profile(
      5'000, {{{1}, {1, 10}, {}}, {{2}, {7, 70}, {}}, {{3}, {2, 20}, {{"worker", "0"}}}});
  const auto after = make_profile(8'000, {{{1}, {4, 15}, {}},
                                          {{2}, {7, 70}, {}},
                                          {{3}, {3, 20}, {{"worker", "0"}}},
                                          {{3}, {5, 50}, {{"worker", "1"}}}});
  const auto between = subtract(after, before);
  CHECK(between.time_ns == 8'000);
  CHECK(between.duration_ns == 3'000);
  CHECK(between.sample_types == after.sample_types);
  REQUIRE(between.samples.size() == 3);
  CHECK(between.samples[0].labels == labels{{"worker", "1"}});
  CHECK(between.samples[0].values == values{5, 50});
  CHECK(between.samples[1].frames == frames{3});
  CHECK(between.samples[1].values == values{1, 0});
  CHECK(between.samples[2].frames == frames{1});
  CHECK(between.samples[2].values == values{3, 5});
}

TEST_CASE("a difference is never negative", "[profiling_profile]") {
  const auto before = make_profile(0, {{{1}, {5, 50}, {}}, {{2}, {5, 50}, {}}, {{3}, {5, 50}, {}}});
  const auto after = make_profile(1, {{{1}, {6, 40}, {}}, {{2}, {4, 40}, {}}});
  const auto between = subtract(after, before);
  REQUIRE(between.samples.size() == 1);
  CHECK(between.samples[0].frames == frames{1});
  CHECK(between.samples[0].values == values{1, 0});
}
