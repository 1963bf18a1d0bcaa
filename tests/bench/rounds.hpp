// SPDX-License-Identifier: MIT
// Measuring on a machine that is not quiet: ways are run in turn, round after round, so
// that what disturbs one disturbs all, and the middle of the rounds counts.
#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace bench {

/// What one run of one way took, per task.
struct cost {
  double cpu_ns = 0;  ///< of all threads of this process
  double wall_ns = 0;
};

/// One way to do the work; runs it once for the given number of tasks.
struct way {
  std::string name;
  std::function<void(std::uint64_t tasks)> run;
  std::vector<cost> costs = {};
};

inline double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval &time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

inline cost measure(const way &measured, std::uint64_t tasks) {
  const double cpu = cpu_seconds();
  const auto wall = std::chrono::steady_clock::now();
  measured.run(tasks);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - wall;
  const double count = static_cast<double>(tasks);
  return {(cpu_seconds() - cpu) * 1e9 / count, took.count() * 1e9 / count};
}

/// Runs every way once to warm up, then in turn.
inline void run_rounds(std::vector<way> &ways, std::uint64_t tasks, int rounds) {
  for (const way &each : ways) each.run(tasks / 10);
  for (int round = 0; round < rounds; ++round) {
    for (way &each : ways) each.costs.push_back(measure(each, tasks));
  }
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
inline spread ratio(const std::vector<double> &a, const std::vector<double> &b) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < a.size(); ++i) ratios.push_back(b[i] / a[i]);
  return spread_of(ratios);
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
