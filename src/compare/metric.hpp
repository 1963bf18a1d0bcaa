// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace taskworker::compare {

/// Which way of a figure is the better one.
enum class direction : unsigned char { lower, higher };

/// How a figure is written for a person.
enum class unit : unsigned char { nanoseconds, seconds, per_second, bytes, count };

/// A figure by which strategies are compared: one number of each sample.
struct metric {
  std::string_view name;   ///< in JSON and in --fail-if
  std::string_view title;  ///< in tables
  std::string_view where;  ///< in the report of a run (report/summary.hpp), keys joined by '/'
  unit in;
  direction better;
  /// Counted, not measured: where all samples of a strategy agree, the difference is one.
  bool is_exact;
  bool is_per_task;  ///< what stands in the report is divided by the tasks processed
  /// Read off a histogram of single times (metrics/histogram.hpp): it comes in steps of the clock
  /// and of the buckets.
  bool is_quantile = false;
};

/// All, in the order of the tables; the first is the primary one unless --primary names another.
[[nodiscard]] const std::vector<metric> &metrics();

/// "cpu_ns_per_task, tasks_per_second, ..."
[[nodiscard]] std::string all_metric_names();

/// Null where there is none of that name.
[[nodiscard]] const metric *find_metric(std::string_view name);

}  // namespace taskworker::compare
