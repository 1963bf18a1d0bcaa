// SPDX-License-Identifier: MIT
#include "compare/comparison.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace taskworker::compare;

namespace {

std::size_t number_of(const char *name) {
  return static_cast<std::size_t>(find_metric(name) - metrics().data());
}

/// A series of that many samples, of a round each, which tell nothing yet.
sample_series make_series(std::size_t samples) {
  sample_series series{"mine", std::vector<sample>(samples), 0, ""};
  for (std::size_t i = 0; i < samples; ++i) {
    series.samples[i].values.resize(metrics().size());
    series.samples[i].round = i;
  }
  return series;
}

/// Without the sample of that round.
void fail_in(sample_series &series, std::ptrdiff_t round) {
  series.samples.erase(series.samples.begin() + round);
}

void tell(sample_series &series, const char *name, const std::vector<double> &values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    series.samples[i].values[number_of(name)] = values[i];
  }
}

const comparison_rules rules{find_metric("cpu_ns_per_task"), 0.01, 1};

/// The finding of one metric, told by both in eight samples.
finding find_one(const char *name, const std::vector<double> &baseline,
                 const std::vector<double> &candidate) {
  sample_series b = make_series(baseline.size());
  sample_series c = make_series(candidate.size());
  tell(b, name, baseline);
  tell(c, name, candidate);
  const auto findings = compare(b, c, rules);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].of == find_metric(name));
  return findings[0];
}

std::vector<double> around(double middle, double step) {
  std::vector<double> values;
  for (const int i : {0, 3, -2, 1, -3, 2, -1, 4, -4, 0}) values.push_back(middle + step * i);
  return values;
}

}  // namespace

TEST_CASE("less of what costs is better, more of it worse", "[compare_comparison]") {
  const auto less = find_one("cpu_ns_per_task", around(100, 0.5), around(90, 0.5));
  CHECK(less.is == verdict::better);
  CHECK(less.baseline == Approx(100));
  CHECK(less.candidate == Approx(90));
  CHECK(less.ratio.value() == Approx(0.9));
  CHECK(less.between.value().low < 0.9);
  CHECK(less.between.value().high > 0.9);
  CHECK(less.between.value().high < 0.92);
  CHECK(find_one("cpu_ns_per_task", around(90, 0.5), around(100, 0.5)).is == verdict::worse);
  CHECK(find_one("tasks_per_second", around(90, 0.5), around(100, 0.5)).is == verdict::better);
  CHECK(find_one("tasks_per_second", around(100, 0.5), around(90, 0.5)).is == verdict::worse);
}

TEST_CASE("no difference is an interval within the threshold, not the lack of a proof",
          "[compare_comparison]") {
  CHECK(find_one("cpu_ns_per_task", around(100, 0.05), around(100.1, 0.05)).is ==
        verdict::no_difference);
  const auto noisy = find_one("cpu_ns_per_task", around(100, 5), around(101, 7));
  CHECK(noisy.is == verdict::inconclusive);
  CHECK(noisy.more_samples > 10);
  CHECK(noisy.more_samples < 100'000);
}

TEST_CASE("a difference that is larger than its noise needs no further samples",
          "[compare_comparison]") {
  CHECK(find_one("cpu_ns_per_task", around(100, 0.5), around(90, 0.5)).more_samples == 0);
}

TEST_CASE("samples of a round share what slowed the machine, those of a saved run do not",
          "[compare_comparison]") {
  sample_series baseline = make_series(10);
  sample_series candidate = make_series(10);
  tell(baseline, "cpu_ns_per_task", around(100, 8));
  tell(candidate, "cpu_ns_per_task", around(110, 8.8));
  CHECK(compare(baseline, candidate, rules).at(0).between->low > 1.09);
  baseline.is_saved = true;
  CHECK(compare(baseline, candidate, rules).at(0).between->low < 1.05);
}

TEST_CASE("where runs failed in different rounds, samples of one number are no pairs",
          "[compare_comparison]") {
  sample_series baseline = make_series(10);
  sample_series candidate = make_series(10);
  tell(baseline, "cpu_ns_per_task", around(100, 8));
  tell(candidate, "cpu_ns_per_task", around(110, 8.8));
  fail_in(baseline, 2);
  sample_series failed_beside = candidate;
  fail_in(failed_beside, 2);
  CHECK(compare(baseline, failed_beside, rules).at(0).between->low > 1.09);

  fail_in(candidate, 5);
  REQUIRE(candidate.samples.size() == baseline.samples.size());
  sample_series saved = baseline;
  saved.is_saved = true;
  const interval apart = compare(saved, candidate, rules).at(0).between.value();
  const interval found = compare(baseline, candidate, rules).at(0).between.value();
  CHECK(found.low == apart.low);
  CHECK(found.high == apart.high);
}

TEST_CASE("a quantile of times is known to the steps that it comes in", "[compare_comparison]") {
  // A clock that goes in steps of 10 ns: what takes 64.9 ns and 65.1 ns may read 60 and 70.
  const std::vector<double> b(12, 61.245e-9);
  const std::vector<double> c(12, 70.49e-9);
  const auto compared = [&](double clock_step) {
    sample_series baseline = make_series(b.size());
    sample_series candidate = make_series(c.size());
    tell(baseline, "p50", b);
    tell(candidate, "p50", c);
    return compare(baseline, candidate, {find_metric("p50"), 0.01, 1, clock_step}).at(0);
  };
  const finding coarse = compared(10e-9);
  CHECK(coarse.ratio.value() == Approx(70.49 / 61.245));
  CHECK(coarse.between->holds(1));
  CHECK(coarse.between->holds(80. / 60));
  CHECK_FALSE(coarse.between->holds(1.5));
  CHECK(coarse.is == verdict::inconclusive);
  CHECK(coarse.more_samples == 0);
  CHECK(coarse.is_coarse);

  // The buckets alone are narrow enough for it, but an interval they are.
  const finding fine = compared(0.1e-9);
  CHECK(fine.is == verdict::worse);
  CHECK(fine.between->low == Approx(1.15 * (1 - 1. / 32)).epsilon(0.01));
  CHECK(fine.between->high == Approx(1.15 * (1 + 1. / 32)).epsilon(0.01));
}

TEST_CASE("figures of one bucket do not prove that there is no difference",
          "[compare_comparison]") {
  const std::vector<double> same(8, 1e-3);
  const auto found = find_one("p99", same, same);
  CHECK(found.is == verdict::inconclusive);
  CHECK(found.is_coarse);
  sample_series series = make_series(same.size());
  tell(series, "p99", same);
  CHECK(compare(series, series, {find_metric("p99"), 0.04, 1}).at(0).is == verdict::no_difference);
  // A figure that is less than a step of the clock is not known at all, and yet has an interval.
  const auto unknown = compare(series, series, {find_metric("p99"), 0.04, 1, 1}).at(0);
  CHECK(unknown.between->low > 0);
  CHECK(unknown.between->high < 4);
}

TEST_CASE("samples decide what is left between the steps", "[compare_comparison]") {
  const auto found = find_one("p50", around(100e-6, 8e-6), around(112e-6, 14e-6));
  CHECK(found.is == verdict::inconclusive);
  CHECK(found.more_samples > 0);
  CHECK_FALSE(found.is_coarse);
}

TEST_CASE("the steps of a quantile keep no rounds going", "[compare_comparison]") {
  sample_series series = make_series(8);
  tell(series, "p50", std::vector<double>(8, 61e-9));
  const comparison_rules of_p50{find_metric("p50"), 0.01, 1, 10e-9};
  CHECK(more_rounds_for(compare_primary(series, series, of_p50).value(), 0.01, 8) == 0);
}

TEST_CASE("what is counted is compared as it is", "[compare_comparison]") {
  const auto more = find_one("allocations_per_task", {2, 2, 2}, {3, 3, 3});
  CHECK(more.is == verdict::worse);
  CHECK_FALSE(more.between);
  CHECK(more.ratio.value() == Approx(1.5));
  CHECK(find_one("allocations_per_task", {2, 2, 2}, {2, 2, 2}).is == verdict::no_difference);
  const auto from_none = find_one("jobs_left", {0, 0, 0}, {5, 5, 5});
  CHECK(from_none.is == verdict::worse);
  CHECK_FALSE(from_none.ratio);
  CHECK(find_one("jobs_left", {5, 5, 5}, {0, 0, 0}).is == verdict::better);
}

TEST_CASE("a count that differs between samples is measured like a time", "[compare_comparison]") {
  const auto found = find_one("allocations_per_task", around(25, 0.1), around(20, 0.1));
  CHECK(found.is == verdict::better);
  CHECK(found.between);
  // Sometimes 0: there is no ratio, but a test.
  const auto at_times =
      find_one("descriptors_left", {0, 1, 0, 1, 0, 0, 1, 0, 0, 1}, {5, 6, 7, 5, 6, 7, 5, 6, 7, 5});
  CHECK(at_times.is == verdict::worse);
  CHECK_FALSE(at_times.between);
  // And noise is no difference, whatever the medians are.
  const auto noise = find_one("descriptors_left", {1, 0, 1, 0, 0, 1, 1}, {0, 0, 1, 1, 0, 1, 0});
  CHECK(noise.p > 0.5);
  CHECK(noise.is == verdict::inconclusive);
  CHECK_FALSE(noise.is_counted);
  CHECK(noise.more_samples == 0);
}

TEST_CASE("fewer than at the begin is a figure below 0, and has no ratio", "[compare_comparison]") {
  const auto fewer = find_one("descriptors_left", {1, 1, 1}, {-1, -1, -1});
  CHECK(fewer.is == verdict::better);
  CHECK_FALSE(fewer.ratio);
}

TEST_CASE("a metric that a sample does not tell is left out", "[compare_comparison]") {
  sample_series b = make_series(3);
  sample_series c = make_series(3);
  tell(b, "p50", {1, 2, 3});
  tell(c, "p50", {1, 2, 3});
  tell(b, "instructions_per_task", {1, 2, 3});
  tell(c, "instructions_per_task", {1, 2});
  const auto findings = compare(b, c, rules);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].of == find_metric("p50"));
}

TEST_CASE("the primary metric is one, the others are adjusted for being many",
          "[compare_comparison]") {
  const std::vector<const char *> others{"tasks_per_second", "p50", "p99", "p99_9"};
  const auto compare_all = [&](const char *primary) {
    sample_series b = make_series(4);
    sample_series c = make_series(4);
    for (const char *name : others) {
      tell(b, name, {100, 101, 102, 103});
      tell(c, name, {110, 111, 112, 113});
    }
    return compare(b, c, {find_metric(primary), 0.01, 1});
  };
  // Four against four, wholly apart: 2 of 70 orders.
  const auto findings = compare_all("p50");
  CHECK(findings[1].p == Approx(2.0 / 70));
  CHECK(findings[1].is == verdict::worse);
  for (const std::size_t i : {0u, 2u, 3u}) {
    CHECK(findings[i].p == Approx(3 * 2.0 / 70));
    CHECK(findings[i].is == verdict::inconclusive);
  }
}

TEST_CASE("rounds end when the interval is narrow, whatever it says", "[compare_comparison]") {
  finding found;
  CHECK(more_rounds_for(found, 0.01, 5) == 0);  // counted
  found.between = interval{0.995, 1.008};
  CHECK(more_rounds_for(found, 0.01, 5) == 0);
  found.between = interval{0.5, 1.5};  // 4 times too wide
  CHECK(more_rounds_for(found, 0.125, 5) == 75);
  found.between = interval{1.25, 1.75};  // decided, but half of it is half of the difference
  CHECK(more_rounds_for(found, 0.01, 8) == 24);
  found.between = interval{1.40, 1.60};
  CHECK(more_rounds_for(found, 0.01, 8) == 0);
}

TEST_CASE("verdicts have their words", "[compare_comparison]") {
  CHECK(name_of(verdict::better) == std::string("better"));
  CHECK(name_of(verdict::worse) == std::string("worse"));
  CHECK(name_of(verdict::no_difference) == std::string("no difference"));
  CHECK(name_of(verdict::inconclusive) == std::string("inconclusive"));
}
