// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "compare/statistics.hpp"

using namespace taskworker;
using compare::interval;

namespace {

using values = std::vector<double>;

/// first, first + step, ...
values steps(double first, double step, std::size_t count) {
  values all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(first + step * static_cast<double>(i));
  return all;
}

/// Normal noise from integers of the generator only, the same with every library.
class noise {
 public:
  explicit noise(std::uint64_t seed) : generator_(seed) {}

  double next() {  // Box and Muller
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(2 * std::acos(-1.0) * uniform());
  }

 private:
  double uniform() { return (static_cast<double>(generator_() >> 11) + 0.5) / 9007199254740992.0; }

  std::mt19937_64 generator_;
};

/// In how many of 100 the interval holds the true ratio, 0.8. `drift` moves both samples of one
/// number together.
double percent_that_hold(std::size_t baselines, std::size_t candidates, double drift) {
  constexpr int data_sets = 150;
  noise source(42);
  int held = 0;
  for (int set = 0; set < data_sets; ++set) {
    values baseline;
    values candidate;
    for (std::size_t i = 0; i < std::max(baselines, candidates); ++i) {
      const double common = std::exp(drift * source.next());
      const double one = 100 * common * std::exp(0.03 * source.next());
      const double other = 80 * common * std::exp(0.03 * source.next());
      if (i < baselines) baseline.push_back(one);
      if (i < candidates) candidate.push_back(other);
    }
    if (compare::ratio_interval(baseline, candidate, baseline.size() == candidate.size(),
                                static_cast<std::uint64_t>(set))
            .holds(0.8)) {
      ++held;
    }
  }
  return 100.0 * held / data_sets;
}

// Made up, like times in which the machine was disturbed at times.
const values baseline_12{103.1, 98.4,  110.9, 101.7, 99.3,  105.2,
                         97.8,  120.4, 100.6, 102.3, 104.8, 99.9};
const values candidate_12{92.2, 88.7, 101.3, 90.9, 89.1, 95.6, 87.4, 108.8, 91.5, 93.0, 94.1, 90.2};

}  // namespace

TEST_CASE("the median is the middle, or the mean of the two in the middle",
          "[compare_statistics]") {
  CHECK(compare::median(values{7}) == 7);
  CHECK(compare::median(values{9, 1}) == 5);
  CHECK(compare::median(values{3, 1, 2}) == 2);
  CHECK(compare::median(values{4, 1, 3, 2}) == 2.5);
  CHECK(compare::median(values{5, 5, 1, 5, 9, 9}) == 5);
}

// Values of p: R 4.2.2, wilcox.test(a, b), with exact = FALSE where there are ties or more than
// 20 samples.
TEST_CASE("the Mann-Whitney test agrees with published examples", "[compare_statistics]") {
  SECTION(
      "exact: permeability of the human chorioamnion (M. Hollander, D. Wolfe, Nonparametric "
      "Statistical Methods, 1973, p. 69)") {
    const values at_term{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
    const values earlier{1.15, 0.88, 0.90, 0.74, 1.21};
    CHECK(compare::mann_whitney_p(at_term, earlier) == Approx(0.254412254412254).epsilon(1e-12));
    CHECK(compare::mann_whitney_p(earlier, at_term) == Approx(0.254412254412254).epsilon(1e-12));
  }
  SECTION("exact: ages at diagnosis (SciPy 1.10.1, documentation of mannwhitneyu)") {
    const values males{19, 22, 16, 29, 24};
    const values females{20, 11, 17, 12};
    CHECK(compare::mann_whitney_p(males, females) == Approx(0.1111111111111111).epsilon(1e-12));
  }
  SECTION("ties: ozone in May and in August (R's data set airquality)") {
    const values may{41, 36, 12, 18, 28, 23, 19, 8, 7,  16, 11, 14,  18,
                     14, 34, 6,  30, 11, 1,  11, 4, 32, 23, 45, 115, 37};
    const values august{39, 9,  16, 78, 35, 66, 122, 89,  110, 44, 28,  65, 22,
                        59, 23, 31, 44, 21, 9,  45,  168, 73,  76, 118, 84, 85};
    CHECK(compare::mann_whitney_p(may, august) == Approx(0.000120807830768774).epsilon(1e-12));
  }
}

TEST_CASE("the Mann-Whitney test agrees with R for sizes that differ, and for one sample",
          "[compare_statistics]") {
  struct example {
    values a;
    values b;
    double p;
  };
  const std::vector<example> examples{
      {{1}, {2}, 1},
      {{1}, steps(2, 1, 5), 0.333333333333333},
      {{1}, steps(2, 1, 19), 0.1},
      {{1, 2, 3}, {4, 5, 6}, 0.1},
      {{1, 2, 3, 4}, {5, 6, 7, 8}, 0.0285714285714286},
      {{1, 4, 6, 7}, {2, 3, 5, 8}, 1},
      {{3.1, 5.2, 6.3, 9.4, 12.6}, steps(4.53, 1.1, 20), 0.0191605495953322},
      {steps(1, 1, 20), steps(4.53, 1.1, 20), 0.0429846329009651},
      // By the normal approximation from here on: more than 20 samples, then ties.
      {steps(1, 1, 20), steps(4.53, 1.1, 21), 0.0275291799067423},
      {steps(4.53, 1.1, 21), {3.1, 5.2, 6.3}, 0.014523801235818},
      {{1, 2, 2, 3, 3, 3, 5}, {2, 3, 4, 4, 5, 5}, 0.142272244620811},
      {{2}, {2, 3, 4}, 0.637351888233937},
      {{1, 2, 3}, {1, 2, 3}, 1},
  };
  for (const auto &[a, b, p] : examples) {
    CAPTURE(a, b);
    CHECK(compare::mann_whitney_p(a, b) == Approx(p).epsilon(1e-12));
    CHECK(compare::mann_whitney_p(b, a) == Approx(p).epsilon(1e-12));
  }
}

TEST_CASE("equal values tell nothing", "[compare_statistics]") {
  CHECK(compare::mann_whitney_p(values{5}, values{5}) == 1);
  CHECK(compare::mann_whitney_p(values(30, 5.0), values(12, 5.0)) == 1);
}

TEST_CASE("p values are adjusted for being many", "[compare_statistics]") {
  CHECK(compare::adjust_for_many(values{}).empty());
  CHECK(compare::adjust_for_many(values{0.04}) == values{0.04});
  const auto check = [](const values &p, const values &expected) {
    const auto adjusted = compare::adjust_for_many(p);
    REQUIRE(adjusted.size() == expected.size());
    for (std::size_t i = 0; i < p.size(); ++i) {
      CHECK(adjusted[i] == Approx(expected[i]).epsilon(1e-12));
    }
  };
  // R 4.2.2: p.adjust(p, "holm")
  check({0.01, 0.04, 0.03, 0.005}, {0.03, 0.06, 0.06, 0.02});
  check({0.5, 0.02, 0.02, 0.9, 0.001}, {1, 0.08, 0.08, 1, 0.005});
}

// The 22 smallest of the 50 in the example of R's p.adjust; those that are left out are larger and
// all become 1, as the last one here.
TEST_CASE("p values are adjusted as in R's example", "[compare_statistics]") {
  values p{2.35405350797934e-07, 2.10159024072429e-05, 2.57684187404011e-05, 9.81478332360736e-05,
           1.05260958830543e-04, 1.24148072892801e-04, 1.32598801923585e-04, 1.56850331255678e-04,
           2.25455732762676e-04, 3.79538030927100e-04, 6.11494315340942e-04, 1.61395372907077e-03,
           3.30242962313738e-03, 3.53834177611007e-03, 5.23699658057458e-03, 6.83190893143310e-03,
           7.05922565893261e-03, 8.80512860101142e-03, 9.40103983967277e-03, 1.12979808322889e-02,
           2.11501681388388e-02, 4.92273640304203e-02};
  const values expected{1.17702675398967e-05, 1.02977921795490e-03,
                        1.23688409953925e-03, 4.61294816209546e-03,
                        4.84200410620498e-03, 5.58666328017607e-03,
                        5.83434728463772e-03, 6.74456424399414e-03,
                        9.46914077603239e-03, 1.55610592680111e-02,
                        2.44597726136377e-02, 6.29441954337601e-02,
                        1.25492325679220e-01, 1.30918645716073e-01,
                        1.88531876900685e-01, 2.39116812600159e-01,
                        2.40013672403709e-01, 2.90569243833377e-01,
                        3.00833274869529e-01, 3.50237405800955e-01,
                        6.34505044165165e-01, 1};
  p.resize(50, 0.5);
  const auto adjusted = compare::adjust_for_many(p);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(adjusted[i] == Approx(expected[i]).epsilon(1e-9));
  }
  CHECK(adjusted.back() == 1);
}

// R 4.2.2 with boot 1.3.28.1, boot.ci(type = "perc") of 50,000 pairs drawn, and 400,000 draws each
// on its own with quantile(type = 1).
TEST_CASE("the interval of a ratio agrees with R", "[compare_statistics]") {
  const interval paired = compare::ratio_interval(baseline_12, candidate_12, true, 1);
  CHECK(paired.low == Approx(0.893805309734513).epsilon(0.0005));
  CHECK(paired.high == Approx(0.909542743538767).epsilon(0.0005));
  const values fewer(candidate_12.begin(), candidate_12.end() - 1);
  const interval apart = compare::ratio_interval(baseline_12, fewer, false, 1);
  CHECK(apart.low == Approx(0.867366412214).epsilon(0.003));
  CHECK(apart.high == Approx(0.944779116466).epsilon(0.003));
}

TEST_CASE("the interval of one pair is its ratio", "[compare_statistics]") {
  const interval found = compare::ratio_interval(values{4}, values{3}, true, 1);
  CHECK(found.low == 0.75);
  CHECK(found.high == 0.75);
}

TEST_CASE("the interval holds the true ratio about 95 times of 100", "[compare_statistics]") {
  SECTION("pairs, the machine faster and slower") {
    const double percent = percent_that_hold(12, 12, 0.1);
    CHECK(percent >= 92);
    CHECK(percent <= 98);
  }
  SECTION("each on its own") {
    const double percent = percent_that_hold(10, 12, 0);
    CHECK(percent >= 92);
    CHECK(percent <= 98);
  }
}

TEST_CASE("the same seed gives the same interval", "[compare_statistics]") {
  const values many = steps(100, 0.37, 40);
  const auto ends = [&](std::uint64_t seed) {
    const interval found = compare::ratio_interval(many, baseline_12, false, seed);
    return std::pair(found.low, found.high);
  };
  CHECK(ends(1) == ends(1));
  CHECK(ends(1) != ends(2));
}

TEST_CASE("what slows both samples of a round cancels", "[compare_statistics]") {
  const values rising = steps(100, 10, 11);
  values nine_tenths;
  for (const double value : rising) nine_tenths.push_back(value * 0.9);
  const interval paired = compare::ratio_interval(rising, nine_tenths, true, 1);
  CHECK(paired.low == Approx(0.9).epsilon(1e-12));
  CHECK(paired.high == Approx(0.9).epsilon(1e-12));
  const interval apart = compare::ratio_interval(rising, nine_tenths, false, 1);
  CHECK(apart.low < 0.75);
  CHECK(apart.high > 1);
}
