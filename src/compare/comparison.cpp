// SPDX-License-Identifier: MIT
#include "compare/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "metrics/histogram.hpp"

namespace taskworker::compare {
namespace {

// Beyond its threshold a difference is measured to a quarter of itself: enough to tell 8 % from
// 12 %, and no reason to run longer.
constexpr double width_of_difference = 0.25;

struct compared_values {
  std::vector<double> baseline;
  std::vector<double> candidate;
  bool are_pairs = false;  ///< those of one number were taken side by side
};

// Empty where a sample does not tell the metric.
std::vector<double> values_of(const sample_series &series, std::size_t metric_number) {
  std::vector<double> values;
  for (const sample &each : series.samples) {
    const auto &value = each.values[metric_number];
    if (!value) return {};
    values.push_back(*value);
  }
  return values;
}

// Where one of two runs failed, those of one number are of different rounds from then on.
bool are_of_same_rounds(const sample_series &a, const sample_series &b) {
  return std::ranges::equal(a.samples, b.samples, {}, &sample::round, &sample::round);
}

compared_values both(const sample_series &baseline, const sample_series &candidate,
                     std::size_t metric_number) {
  return {values_of(baseline, metric_number), values_of(candidate, metric_number),
          !baseline.is_saved && are_of_same_rounds(baseline, candidate)};
}

bool all_agree(const std::vector<double> &values) {
  return std::all_of(values.begin(), values.end(),
                     [&](double value) { return value == values.front(); });
}

verdict verdict_of_medians(const finding &found) {
  if (found.candidate == found.baseline) return verdict::no_difference;
  const bool is_less = found.candidate < found.baseline;
  return is_less == (found.of->better == direction::lower) ? verdict::better : verdict::worse;
}

verdict verdict_of_interval(const finding &found, double threshold) {
  const interval &ratio = *found.between;
  if (ratio.low >= 1 - threshold && ratio.high <= 1 + threshold) return verdict::no_difference;
  if (ratio.holds(1) || found.p >= significance) return verdict::inconclusive;
  return verdict_of_medians(found);
}

// How many more samples make an interval `times` narrower, at least 1: it narrows with the square
// root of their number.
std::uint64_t narrowed_after(double times, std::uint64_t samples) {
  const auto now = static_cast<double>(samples);
  return static_cast<std::uint64_t>(std::clamp(std::ceil(now * times * times) - now, 1.0, 1e9));
}

// A quantile is the end of its bucket, which is at most so much of it wide, and what counts there
// is a difference of two readings of a clock that goes in steps itself.
double half_step(double figure, double clock_step) {
  const double bucket = figure / metrics::log_linear_scale::steps;
  return (std::min(clock_step, figure) + bucket) / 2;
}

interval widened_by_steps(const finding &found, double clock_step) {
  const double b = found.baseline;
  const double c = found.candidate;
  const double around_b = half_step(b, clock_step) / b;
  const double around_c = c > 0 ? half_step(c, clock_step) / c : 0;
  return {found.between->low * (1 - around_c) / (1 + around_b),
          found.between->high * (1 + around_c) / (1 - around_b)};
}

double half_width(const interval &ratio) { return (ratio.high - ratio.low) / 2; }

// An interval decides once half of it is less than the distance of its middle from 1, or than
// what the threshold leaves around it. Samples narrow what was `drawn` alone.
void tell_more_samples(finding &found, const interval &drawn, double threshold,
                       std::size_t samples) {
  const interval &ratio = *found.between;
  if (!ratio.holds(1)) return;  // the test has not decided, and tells no number
  const double steps = half_width(ratio) - half_width(drawn);
  const double distance = std::abs((ratio.high + ratio.low) / 2 - 1);
  const double wanted = std::max(distance, threshold - distance) - steps;
  if (wanted > 0) {
    found.more_samples = narrowed_after(half_width(drawn) / wanted, samples);
  } else {
    found.is_coarse = steps > 0;
  }
}

finding find(const metric &of, const compared_values &values, std::uint64_t seed) {
  finding found;
  found.of = &of;
  found.baseline = median(values.baseline);
  found.candidate = median(values.candidate);
  if (found.baseline > 0 && found.candidate >= 0) found.ratio = found.candidate / found.baseline;
  if (of.is_exact && all_agree(values.baseline) && all_agree(values.candidate)) {
    found.is_counted = true;
    return found;
  }
  found.p = mann_whitney_p(values.baseline, values.candidate);
  const bool has_ratio =
      std::all_of(values.baseline.begin(), values.baseline.end(), [](double v) { return v > 0; }) &&
      std::all_of(values.candidate.begin(), values.candidate.end(),
                  [](double v) { return v >= 0; });
  if (has_ratio)
    found.between = ratio_interval(values.baseline, values.candidate, values.are_pairs, seed);
  return found;
}

// Of all that are tested but the primary one, which is no one of many: it was chosen before.
void adjust(std::vector<finding> &findings, const metric *primary) {
  std::vector<finding *> tested;
  std::vector<double> p;
  for (auto &each : findings) {
    if (each.of == primary || each.is_counted) continue;
    tested.push_back(&each);
    p.push_back(each.p);
  }
  const auto adjusted = adjust_for_many(p);
  for (std::size_t i = 0; i < tested.size(); ++i) tested[i]->p = adjusted[i];
}

void decide(finding &found, const comparison_rules &rules, std::size_t samples) {
  if (found.between) {
    const interval drawn = *found.between;
    if (found.of->is_quantile) found.between = widened_by_steps(found, rules.clock_step);
    found.is = verdict_of_interval(found, rules.threshold);
    if (found.is == verdict::inconclusive) {
      tell_more_samples(found, drawn, rules.threshold, samples);
    }
  } else if (found.is_counted || found.p < significance) {
    // Without a ratio where the baseline is 0, if only at times.
    found.is = verdict_of_medians(found);
  }
}

}  // namespace

const char *name_of(verdict what) {
  switch (what) {
    case verdict::better:
      return "better";
    case verdict::worse:
      return "worse";
    case verdict::no_difference:
      return "no difference";
    case verdict::inconclusive:
      break;
  }
  return "inconclusive";
}

std::optional<finding> compare_primary(const sample_series &baseline,
                                       const sample_series &candidate,
                                       const comparison_rules &rules) {
  const auto number = static_cast<std::size_t>(rules.primary - metrics().data());
  const auto values = both(baseline, candidate, number);
  if (values.baseline.empty() || values.candidate.empty()) return std::nullopt;
  return find(*rules.primary, values, rules.seed);
}

std::vector<finding> compare(const sample_series &baseline, const sample_series &candidate,
                             const comparison_rules &rules) {
  std::vector<finding> findings;
  for (std::size_t i = 0; i < metrics().size(); ++i) {
    const auto values = both(baseline, candidate, i);
    if (values.baseline.empty() || values.candidate.empty()) continue;
    findings.push_back(find(metrics()[i], values, rules.seed));
  }
  adjust(findings, rules.primary);
  for (auto &each : findings) decide(each, rules, candidate.samples.size());
  return findings;
}

std::uint64_t more_rounds_for(const finding &primary, double threshold, std::uint64_t rounds) {
  if (!primary.between) return 0;
  const interval &ratio = *primary.between;
  const double half = half_width(ratio);
  const double distance = std::abs((ratio.high + ratio.low) / 2 - 1);
  const double wanted = std::max(threshold, distance * width_of_difference);
  if (half <= wanted) return 0;
  return narrowed_after(half / wanted, rounds);
}

}  // namespace taskworker::compare
