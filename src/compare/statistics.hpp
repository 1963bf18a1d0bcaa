// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace taskworker::compare {

// All are pure. Samples are in the order in which they were taken; none is NaN.

/// REQUIRES: not empty.
[[nodiscard]] double median(std::span<const double> values);

struct interval {
  double low = 0;
  double high = 0;

  [[nodiscard]] bool holds(double value) const { return low <= value && value <= high; }
};

/// The 95 % interval of median(candidate) / median(baseline): percentile bootstrap (B. Efron,
/// R. Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13). Where samples of one number were
/// taken side by side (`are_pairs`) they are drawn together: what slowed the machine for both then
/// cancels. Else each is drawn on its own. The same seed gives the same interval.
/// Pairs fewer than 6 are too few for it: of 3 it holds the true ratio 77 times of 100, of 4 88
/// times (the smallest and the largest of n values hold the median 1 - 2 / 2^n of the time).
/// REQUIRES: neither is empty; the baseline's values are above zero; pairs are as many of each.
[[nodiscard]] interval ratio_interval(std::span<const double> baseline,
                                      std::span<const double> candidate, bool are_pairs,
                                      std::uint64_t seed);

/// Two-sided p of the Mann-Whitney U test (H. Mann, D. Whitney, Ann. Math. Statist. 18, 1947):
/// how likely samples as far apart as these are where both come from one distribution. Exact
/// for up to 20 samples each without ties, else by the normal approximation with corrections
/// for ties and continuity. 1 where all values are equal. REQUIRES: neither is empty.
[[nodiscard]] double mann_whitney_p(std::span<const double> a, std::span<const double> b);

/// The same p values, each raised so that the chance of one false alarm among all stays what a
/// single one would have (S. Holm, Scand. J. Statist. 6, 1979).
[[nodiscard]] std::vector<double> adjust_for_many(std::span<const double> p);

}  // namespace taskworker::compare
