// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "check/checked_instance.hpp"
#include "check/lent_result.hpp"
#include "check/lent_task.hpp"
#include "worker/workload.hpp"

namespace taskworker::check {

/// Tasks made in advance, and one result that all are written to: while they are done nothing
/// but process() runs. Use from one thread at a time.
class task_set {
 public:
  /// `count` generated tasks from `first` on. `tasks` must outlive it. Throws case_ended.
  task_set(const worker::workload &tasks, std::uint64_t first, std::uint64_t count);

  /// Ends the case as skipped where a task is not done at the first call: it tells nothing of
  /// what tasks cost.
  void run(checked_instance &running, std::uint32_t worker = 0) const;

  /// Ends the case as failed where a result is wrong.
  void run_and_check(checked_instance &running, std::uint32_t worker) const;

 private:
  const worker::workload &workload_;
  std::vector<std::unique_ptr<lent_task>> tasks_;
  std::unique_ptr<lent_result> lent_;
};

}  // namespace taskworker::check
