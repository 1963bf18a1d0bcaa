// SPDX-License-Identifier: MIT
// Measuring on a machine that is not quiet: ways are run in turn, round after round, so
// that what disturbs one disturbs all, and the middle of the rounds counts.
#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace bench {

/// What one run of one way took, per task.
struct cost {
  double cpu_ns = 0;  ///< of all threads of this process, and of children it waited for
  double wall_ns = 0;
};

/// One way to do the work; runs it once for the given number of tasks.
struct way {
  std::string name;
  std::function<void(std::uint64_t tasks)> run;
  std::vector<cost> costs = {};
};

inline double cpu_seconds_of(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  const auto seconds = [](const timeval &time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

inline double cpu_seconds() {
  return cpu_seconds_of(RUSAGE_SELF) + cpu_seconds_of(RUSAGE_CHILDREN);
}

inline cost measure(const way &measured, std::uint64_t tasks) {
  const double cpu = cpu_seconds();
  const auto wall = std::chrono::steady_clock::now();
  measured.run(tasks);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - wall;
  const double count = static_cast<double>(tasks);
  return {(cpu_seconds() - cpu) * 1e9 / count, took.count() * 1e9 / count};
}

/// Runs every way once to warm up, then in turn; `before` each round.
template <typename Function>
void run_rounds(std::vector<way> &ways, std::uint64_t tasks, int rounds, Function before) {
  for (const way &each : ways) each.run(tasks / 10);
  for (int round = 0; round < rounds; ++round) {
    before();
    for (way &each : ways) each.costs.push_back(measure(each, tasks));
  }
}

inline void run_rounds(std::vector<way> &ways, std::uint64_t tasks, int rounds) {
  run_rounds(ways, tasks, rounds, [] {});
}

/// The middle and the ends of some values.
struct spread {
  double median = 0;
  double least = 0;
  double most = 0;
};

inline spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values[values.size() / 2], values.front(), values.back()};
}

inline std::vector<double> cpu_of(const way &measured) {
  std::vector<double> values;
  for (const cost &each : measured.costs) values.push_back(each.cpu_ns);
  return values;
}

inline std::vector<double> wall_of(const way &measured) {
  std::vector<double> values;
  for (const cost &each : measured.costs) values.push_back(each.wall_ns);
  return values;
}

/// Round by round, b's value in relation to a's: what disturbs both cancels out.
inline std::vector<double> ratios(const std::vector<double> &a, const std::vector<double> &b) {
  std::vector<double> all;
  for (std::size_t i = 0; i < a.size(); ++i) all.push_back(b[i] / a[i]);
  return all;
}

inline spread ratio(const std::vector<double> &a, const std::vector<double> &b) {
  return spread_of(ratios(a, b));
}

/// Where the true median lies, 19 times of 20.
struct interval {
  double low = 0;
  double high = 0;
};

/// By order statistics: the narrowest pair of values, equally far from both ends, with a
/// coverage of at least 95 % whatever the values' distribution is. How many of n values lie
/// below the true median is binomial, n and 1/2. With less than 6 values, from least to most.
inline interval interval_of_median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  double chance = std::exp2(-static_cast<double>(n));  // that `left_out` values lie below
  double outside = chance;                             // that not more than those do
  std::size_t left_out = 0;
  for (;;) {
    chance *= static_cast<double>(n - left_out) / static_cast<double>(left_out + 1);
    outside += chance;
    if (2 * outside > 0.05 || 2 * (left_out + 1) >= n) break;
    ++left_out;
  }
  return {values[left_out], values[n - 1 - left_out]};
}

inline void print(const std::vector<way> &ways) {
  std::printf("%-44s %24s %24s\n", "median [least - most], ns per task", "CPU", "wall");
  for (const way &each : ways) {
    const spread cpu = spread_of(cpu_of(each));
    const spread wall = spread_of(wall_of(each));
    std::printf("%-44s %7.1f [%6.1f -%6.1f] %7.1f [%6.1f -%6.1f]\n", each.name.c_str(), cpu.median,
                cpu.least, cpu.most, wall.median, wall.least, wall.most);
  }
}

}  // namespace bench
