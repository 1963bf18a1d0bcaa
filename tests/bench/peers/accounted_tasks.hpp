// SPDX-License-Identifier: MIT
#pragma once

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <cstdint>
#include <vector>

#include "peers/called_tasks.hpp"
#include "peers/progress.hpp"

namespace bench::peers {

/// Called tasks with the usual accounting around each: a pair of clock reads, a counter and a
/// histogram of prometheus-cpp for each operation, found once.
class accounted_tasks {
 public:
  using task = called_tasks::task;

  accounted_tasks(taskworker::strategy::instance &instance, const run_plan &plan)
      : tasks_(instance, plan) {
    auto &processed = prometheus::BuildCounter().Name("tasks_total").Register(registry_);
    auto &durations = prometheus::BuildHistogram().Name("duration_seconds").Register(registry_);
    const prometheus::Histogram::BucketBoundaries bounds = {1e-8, 1e-7, 1e-6, 1e-5, 1e-4,
                                                            1e-3, 1e-2, 0.1,  1};
    for (const auto &name : tasks_.workload().operation_names()) {
      operations_.push_back(
          {processed.Add({{"operation", name}}), durations.Add({{"operation", name}}, bounds)});
    }
  }

  [[nodiscard]] task make(std::uint64_t id) { return tasks_.make(id); }

  void run(std::uint32_t worker, const task &given) {
    const auto start = std::chrono::steady_clock::now();
    tasks_.run(worker, given);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    operation_metrics &metrics = operations_[given.operation];
    metrics.durations.Observe(took.count());
    metrics.processed.Increment();
    progress_.add(worker);
  }

  [[nodiscard]] progress &counts() noexcept { return progress_; }

 private:
  struct operation_metrics {
    prometheus::Counter &processed;
    prometheus::Histogram &durations;
  };

  called_tasks tasks_;
  prometheus::Registry registry_;
  std::vector<operation_metrics> operations_;
  progress progress_;
};

}  // namespace bench::peers
