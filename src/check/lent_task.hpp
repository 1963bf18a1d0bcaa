// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "check/guarded_memory.hpp"
#include "worker/workload.hpp"

namespace taskworker::check {

/// A task as a strategy is given it, and the same once more for whoever judges the result.
class lent_task {
 public:
  /// The generated task `id` of `tasks`. `is_sealed`: the strategy can only read it, and the
  /// payload ends at memory that cannot be touched. Throws case_ended.
  lent_task(const worker::workload &tasks, std::uint64_t id, bool is_sealed = false);

  /// One with a null payload of no bytes.
  lent_task(taskworker_operation operation, std::uint64_t id);

  /// Makes it a task of another operation. REQUIRES: not sealed.
  void set_operation(taskworker_operation operation);

  [[nodiscard]] const taskworker_task &lent() const {
    return *static_cast<const taskworker_task *>(task_.data());
  }
  [[nodiscard]] const taskworker_task &original() const { return original_; }

  /// As in "task 3 (square, 800 bytes)".
  [[nodiscard]] std::string describe(const worker::workload &tasks) const;

 private:
  void lend_payload(const taskworker_task &made, bool is_builtin, bool is_sealed);

  guarded_memory task_;
  std::unique_ptr<guarded_memory> payload_;
  std::vector<std::uint64_t> copy_;  ///< the payload of original_
  taskworker_task original_{};
};

}  // namespace taskworker::check
