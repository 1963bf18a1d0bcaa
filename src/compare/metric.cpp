// SPDX-License-Identifier: MIT
#include "compare/metric.hpp"

#include <algorithm>

namespace taskworker::compare {

const std::vector<metric> &metrics() {
  using enum unit;
  using enum direction;
  static const std::vector<metric> all{
      {"cpu_ns_per_task", "CPU per task", "process/cpu_seconds", nanoseconds, lower, false, true},
      {"tasks_per_second", "tasks per second", "tasks_per_second", per_second, higher, false,
       false},
      {"p50", "time of a task, median", "processing_seconds/p50", seconds, lower, false, false,
       true},
      {"p99", "time of a task, 99 %", "processing_seconds/p99", seconds, lower, false, false, true},
      {"p99_9", "time of a task, 99.9 %", "processing_seconds/p99_9", seconds, lower, false, false,
       true},
      {"bytes_per_task", "bytes per task", "bytes_per_task", bytes, lower, true, false},
      {"allocations_per_task", "allocations per task", "allocations_per_task", count, lower, true,
       false},
      {"peak_resident", "most resident memory", "process/peak_resident_bytes", bytes, lower, false,
       false},
      {"threads_left", "threads left", "leaked/threads", count, lower, true, false},
      {"jobs_left", "jobs left", "leaked/jobs", count, lower, true, false},
      {"descriptors_left", "descriptors left", "process/descriptors_left", count, lower, true,
       false},
      {"context_switches_per_task", "context switches per task", "process/context_switches", count,
       lower, false, true},
      {"page_faults_per_task", "page faults per task", "process/page_faults", count, lower, false,
       true},
      {"instructions_per_task", "instructions per task", "process/instructions", count, lower,
       false, true},
  };
  return all;
}

std::string all_metric_names() {
  std::string names;
  for (const metric &each : metrics()) {
    names += (names.empty() ? "" : ", ") + std::string(each.name);
  }
  return names;
}

const metric *find_metric(std::string_view name) {
  const auto found = std::find_if(metrics().begin(), metrics().end(),
                                  [&](const metric &each) { return each.name == name; });
  return found != metrics().end() ? &*found : nullptr;
}

}  // namespace taskworker::compare
