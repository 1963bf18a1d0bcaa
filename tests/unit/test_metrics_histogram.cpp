// SPDX-License-Identifier: MIT
#include <cmath>

#include "catch.hpp"
#include "metrics/histogram.hpp"

using namespace taskworker::metrics;

namespace {

histogram_counts counts_of(const histogram &held) {
  histogram_counts counts;
  held.add_to(counts);
  return counts;
}

}  // namespace

TEST_CASE("every value lies in its bucket, buckets are narrow and without gaps",
          "[metrics_histogram]") {
  std::size_t previous = 0;
  for (std::uint64_t value = 0; value < (1ull << 44); value += 1 + value / 97) {
    const std::size_t bucket = log_linear_scale::bucket_of(value);
    REQUIRE(bucket >= previous);
    REQUIRE(value <= log_linear_scale::highest_of(bucket));
    if (bucket > 0) REQUIRE(value > log_linear_scale::highest_of(bucket - 1));
    REQUIRE(static_cast<double>(log_linear_scale::highest_of(bucket) - value) <=
            static_cast<double>(value) / 32);
    previous = bucket;
  }
}

TEST_CASE("each bucket's end belongs to it, the next value to the next", "[metrics_histogram]") {
  for (std::size_t bucket = 0; bucket + 1 < log_linear_scale::buckets; ++bucket) {
    const std::uint64_t highest = log_linear_scale::highest_of(bucket);
    REQUIRE(log_linear_scale::bucket_of(highest) == bucket);
    REQUIRE(log_linear_scale::bucket_of(highest + 1) == bucket + 1);
  }
}

TEST_CASE("values past the scale count in the last bucket", "[metrics_histogram]") {
  CHECK(log_linear_scale::bucket_of(~std::uint64_t{0}) == log_linear_scale::buckets - 1);
}

TEST_CASE("quantiles are right to a bucket, the maximum is exact", "[metrics_histogram]") {
  histogram held;
  for (std::uint64_t value = 1; value <= 10'000; ++value) held.record(value);
  const auto counts = counts_of(held);
  CHECK(counts.count == 10'000);
  CHECK(counts.sum == 10'000ull * 10'001 / 2);
  CHECK(counts.maximum == 10'000);
  for (const double quantile : {0.01, 0.5, 0.9, 0.99, 0.999}) {
    const double exact = quantile * 10'000;
    const auto found = static_cast<double>(counts.quantile(quantile));
    CHECK(found >= exact);
    CHECK(found <= exact * 33 / 32);
  }
  CHECK(counts.quantile(0) == 1);
  CHECK(counts.quantile(1) == 10'000);
}

TEST_CASE("a histogram without values has no quantiles", "[metrics_histogram]") {
  CHECK(counts_of(histogram{}).quantile(0.5) == 0);
}

TEST_CASE("a quantile never exceeds the maximum", "[metrics_histogram]") {
  histogram held;
  held.record(1'000'003);
  CHECK(counts_of(held).quantile(0.5) == 1'000'003);
}

TEST_CASE("sums of histograms are histograms of all values", "[metrics_histogram]") {
  histogram low;
  histogram high;
  histogram all;
  for (std::uint64_t value = 0; value < 1000; ++value) {
    low.record(value);
    high.record(value * 1000);
    all.record(value);
    all.record(value * 1000);
  }
  auto sum = counts_of(low);
  sum += counts_of(high);
  const auto expected = counts_of(all);
  CHECK(sum.buckets == expected.buckets);
  CHECK(sum.count == expected.count);
  CHECK(sum.sum == expected.sum);
  CHECK(sum.maximum == expected.maximum);
}
