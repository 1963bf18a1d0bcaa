// SPDX-License-Identifier: MIT
#include "profiling/sample_labels.hpp"

#include <utility>

namespace taskworker::profiling {

sample_labels::sample_labels(std::string strategy, std::vector<std::string> operations)
    : strategy_(std::move(strategy)), operations_(std::move(operations)) {}

std::vector<label> sample_labels::of(std::string_view thread, const task_mark &mark) const {
  const std::string operation =
      mark.operation < operations_.size() ? operations_[mark.operation] : "none";
  const std::string worker = mark.worker != task_mark::none ? std::to_string(mark.worker) : "none";
  return {{"operation", operation},
          {"strategy", strategy_},
          {"thread", std::string(thread)},
          {"worker", worker}};
}

}  // namespace taskworker::profiling
