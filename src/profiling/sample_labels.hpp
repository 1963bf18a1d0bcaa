// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "profiling/profile.hpp"
#include "profiling/running_task.hpp"

namespace taskworker::profiling {

/// Gives the samples of a run their labels. Constant after construction.
class sample_labels {
 public:
  sample_labels(std::string strategy, std::vector<std::string> operations);

  /// operation, strategy, thread, worker; "none" for a worker or an operation that there
  /// is not.
  [[nodiscard]] std::vector<label> of(std::string_view thread, const task_mark &mark) const;

 private:
  std::string strategy_;
  std::vector<std::string> operations_;
};

}  // namespace taskworker::profiling
