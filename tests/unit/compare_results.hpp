// SPDX-License-Identifier: MIT
// Made-up results of comparisons, for the tests of the texts that tell them.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <utility>

#include "compare/result.hpp"

namespace compare_results {

using namespace taskworker;
using compare::verdict;

/// Samples that all tell the same of the metrics named, and nothing of the others.
inline compare::sample_series series_of(
    std::string word, std::size_t samples,
    std::initializer_list<std::pair<const char *, double>> values) {
  compare::sample each{std::vector<std::optional<double>>(compare::metrics().size()), 0.2, ""};
  for (const auto &[name, value] : values) {
    const auto place = compare::find_metric(name) - compare::metrics().data();
    each.values[static_cast<std::size_t>(place)] = value;
  }
  return {std::move(word), std::vector<compare::sample>(samples, each), 0, ""};
}

/// A measured metric.
inline compare::finding measured(const char *name, double baseline, double candidate,
                                 compare::interval between, verdict is,
                                 std::uint64_t more_samples = 0) {
  return {compare::find_metric(name),
          baseline,
          candidate,
          candidate / baseline,
          between,
          0.001,
          is,
          more_samples};
}

/// A counted one.
inline compare::finding counted(const char *name, double baseline, double candidate, verdict is) {
  compare::finding found{compare::find_metric(name),
                         baseline,
                         candidate,
                         std::nullopt,
                         std::nullopt,
                         is == verdict::no_difference ? 1.0 : 0.0,
                         is,
                         0};
  if (baseline > 0) found.ratio = candidate / baseline;
  found.is_counted = true;
  return found;
}

/// Nothing to warn of.
inline compare::environment quiet_place() {
  compare::environment where;
  where.program_version = "0.1.0 (dcc86cc)";
  where.compiler = "gcc 12.2.0";
  where.build_type = "release";
  where.allocator = "jemalloc 5.3.0";
  where.cpu = "Some CPU @ 2.10GHz";
  where.kernel = "6.1.0";
  where.machine.cpus = 16;
  where.machine.load = 0.25;
  return where;
}

/// bad against optimized.
inline compare::comparison_result one_candidate() {
  using enum verdict;
  compare::comparison_result result;
  result.series = {series_of("bad", 12, {{"cpu_ns_per_task", 6320}, {"p99", 75.6e-6}}),
                   series_of("optimized", 12, {{"cpu_ns_per_task", 113}})};
  result.findings = {
      {measured("cpu_ns_per_task", 6320, 113, {0.0164, 0.0191}, better),
       measured("tasks_per_second", 163'268, 6'058'556, {35.2, 38.91}, better),
       measured("p50", 3.54e-6, 98.1e-9, {0.0266, 0.0288}, better),
       measured("p99_9", 112e-6, 99e-6, {0.71, 1.204}, inconclusive, 31),
       counted("bytes_per_task", 2551.4, 0, better), counted("allocations_per_task", 25, 0, better),
       measured("peak_resident", 55'470'000, 10'800'000, {0.1943, 0.1951}, better),
       counted("threads_left", 1000, 0, better), counted("jobs_left", 50'000, 0, better),
       counted("descriptors_left", 0, 0, no_difference),
       measured("context_switches_per_task", 0.0124, 0.000432, {0.031, 0.0386}, better),
       measured("page_faults_per_task", 1.02, 1.025, {0.9961, 1.0072}, no_difference),
       measured("instructions_per_task", 15'321.4, 24'512.8, {1.58, 1.62}, worse)}};
  result.rules = {compare::find_metric("cpu_ns_per_task"), 0.01, 1};
  result.where = quiet_place();
  result.command = {"taskworker", "compare", "bad", "optimized"};
  result.tasks = 50'000;
  result.workers = 10;
  result.warm_up = 1;
  result.elapsed = std::chrono::milliseconds(41'200);
  result.is_time_up = true;
  return result;
}

/// What each fault of bad costs, in one metric.
inline compare::comparison_result five_candidates() {
  using enum verdict;
  const auto strategy = [](const char *word, double cpu, double bytes, double allocations,
                           double threads, double jobs, double resident) {
    return series_of(word, 8,
                     {{"cpu_ns_per_task", cpu},
                      {"bytes_per_task", bytes},
                      {"allocations_per_task", allocations},
                      {"threads_left", threads},
                      {"jobs_left", jobs},
                      {"peak_resident", resident}});
  };
  compare::comparison_result result = one_candidate();
  result.series = {strategy("bad:problems=none", 1210, 240, 3, 0, 0, 10.8e6),
                   strategy("bad:problems=leak", 4430, 416, 5, 1000, 50'000, 55.5e6),
                   strategy("bad:problems=capacity", 1690, 1201.5, 9, 0, 0, 10.9e6),
                   strategy("bad:problems=alloc", 2410, 1410, 17, 0, 0, 11.2e6),
                   strategy("bad", 6320, 2551.4, 25, 1000, 50'000, 56.1e6),
                   strategy("optimized", 1198, 0, 0, 0, 0, 10.3e6)};
  result.findings = {{measured("cpu_ns_per_task", 1210, 4430, {3.5, 3.81}, worse)},
                     {measured("cpu_ns_per_task", 1210, 1690, {1.36, 1.43}, worse)},
                     {measured("cpu_ns_per_task", 1210, 2410, {1.95, 2.04}, worse)},
                     {measured("cpu_ns_per_task", 1210, 6320, {5.11, 5.36}, worse)},
                     {measured("cpu_ns_per_task", 1210, 1198, {0.961, 1.019}, inconclusive, 62)}};
  return result;
}

}  // namespace compare_results
