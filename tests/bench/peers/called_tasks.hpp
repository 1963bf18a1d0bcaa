// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstdlib>

#include "peers/generated_tasks.hpp"

namespace bench::peers {

/// Generated tasks that a strategy does, called through its interface; nothing is counted.
class called_tasks {
 public:
  using task = generated_tasks::task;

  called_tasks(taskworker::strategy::instance &instance, const run_plan &plan)
      : instance_(instance), tasks_(plan) {}

  [[nodiscard]] task make(std::uint64_t id) { return tasks_.make(id); }

  void run(std::uint32_t worker, const task &given) {
    taskworker_result result = tasks_.empty_result(worker);
    if (instance_.process(worker, given, result) != TASKWORKER_OK) std::abort();
    tasks_.check(given, result);
  }

  [[nodiscard]] const taskworker::worker::workload &workload() const noexcept {
    return tasks_.workload();
  }

 private:
  taskworker::strategy::instance &instance_;
  generated_tasks tasks_;
};

}  // namespace bench::peers
