// SPDX-License-Identifier: MIT
#include "compare/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <random>

namespace taskworker::compare {
namespace {

// Past this the ends of the interval move by less than a thousandth of its width.
constexpr std::size_t resamples = 10'000;

constexpr std::size_t most_exact_samples = 20;

// Reorders `values`.
double median_in_place(std::vector<double> &values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 != 0) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

/// Draws samples with replacement. Only integers of the generator are used, whose sequence the
/// standard lays down: a seed gives the same draws with every library.
class draw {
 public:
  explicit draw(std::uint64_t seed) : generator_(seed) {}

  std::size_t below(std::size_t count) {
    return static_cast<std::size_t>(generator_() % count);  // biased by less than count / 2^64
  }

 private:
  std::mt19937_64 generator_;
};

struct ranking {
  double first_rank_sum = 0;  ///< of the first samples, ties given their mean rank
  double tie_term = 0;        ///< sum of t^3 - t over groups of t equal values
};

ranking rank(std::span<const double> a, std::span<const double> b) {
  struct ranked {
    double value;
    bool is_first;
  };
  std::vector<ranked> all;
  for (const double value : a) all.push_back({value, true});
  for (const double value : b) all.push_back({value, false});
  std::sort(all.begin(), all.end(),
            [](const ranked &x, const ranked &y) { return x.value < y.value; });
  ranking result;
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin;
    while (end < all.size() && all[end].value == all[begin].value) ++end;
    const auto equal = static_cast<double>(end - begin);
    const double mean_rank = static_cast<double>(begin + end + 1) / 2;
    for (std::size_t i = begin; i < end; ++i) {
      if (all[i].is_first) result.first_rank_sum += mean_rank;
    }
    result.tie_term += equal * equal * equal - equal;
    begin = end;
  }
  return result;
}

/// counts[u]: the orders of m and n samples, all as likely as each other, in which U is u.
/// By the recurrence over which sample is the largest, in one row for each m.
std::vector<double> orders_by_u(std::size_t m, std::size_t n) {
  std::vector<std::vector<double>> row(m + 1, std::vector<double>(m * n + 1, 0));
  for (auto &counts : row) counts[0] = 1;  // n = 0
  for (std::size_t j = 1; j <= n; ++j) {
    // row[i] is that of (i, j - 1); row[i - 1] is already that of (i - 1, j).
    for (std::size_t i = 1; i <= m; ++i) {
      std::vector<double> counts = row[i];
      for (std::size_t u = j; u <= m * n; ++u) counts[u] += row[i - 1][u - j];
      row[i] = std::move(counts);
    }
  }
  return row[m];
}

double exact_p(double smaller_u, std::size_t m, std::size_t n) {
  const auto counts = orders_by_u(m, n);
  const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
  const auto last = static_cast<std::ptrdiff_t>(smaller_u);
  const double tail = std::accumulate(counts.begin(), counts.begin() + last + 1, 0.0);
  return std::min(1.0, 2 * tail / all);
}

}  // namespace

double median(std::span<const double> values) {
  std::vector<double> copy(values.begin(), values.end());
  return median_in_place(copy);
}

interval ratio_interval(std::span<const double> baseline, std::span<const double> candidate,
                        bool are_pairs, std::uint64_t seed) {
  draw next(seed);
  std::vector<double> ratios(resamples);
  std::vector<double> b(baseline.size());
  std::vector<double> c(candidate.size());
  for (double &ratio : ratios) {
    for (std::size_t i = 0; i < b.size(); ++i) {
      const std::size_t drawn = next.below(b.size());
      b[i] = baseline[drawn];
      if (are_pairs) c[i] = candidate[drawn];
    }
    if (!are_pairs) {
      for (double &value : c) value = candidate[next.below(candidate.size())];
    }
    ratio = median_in_place(c) / median_in_place(b);
  }
  std::sort(ratios.begin(), ratios.end());
  return {ratios[resamples / 40], ratios[resamples - 1 - resamples / 40]};
}

double mann_whitney_p(std::span<const double> a, std::span<const double> b) {
  const auto m = static_cast<double>(a.size());
  const auto n = static_cast<double>(b.size());
  const ranking ranks = rank(a, b);
  const double u = ranks.first_rank_sum - m * (m + 1) / 2;
  const double smaller_u = std::min(u, m * n - u);
  const bool is_exact =
      ranks.tie_term == 0 && a.size() <= most_exact_samples && b.size() <= most_exact_samples;
  if (is_exact) return exact_p(smaller_u, a.size(), b.size());
  const double all = m + n;
  const double variance = m * n / 12 * (all + 1 - ranks.tie_term / (all * (all - 1)));
  if (variance == 0) return 1;
  const double z = (m * n / 2 - smaller_u - 0.5) / std::sqrt(variance);
  return std::min(1.0, std::erfc(z / std::sqrt(2.0)));
}

std::vector<double> adjust_for_many(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) { return p[x] < p[y]; });
  std::vector<double> adjusted(p.size());
  double highest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    highest = std::max(highest, std::min(1.0, static_cast<double>(p.size() - i) * p[order[i]]));
    adjusted[order[i]] = highest;
  }
  return adjusted;
}

}  // namespace taskworker::compare
