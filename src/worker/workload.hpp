// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/ext/workload.h>
#include <taskworker/strategy.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "worker/payload_buffer.hpp"

namespace taskworker::worker {

/// A workload's own make_task() failed. what() is one line.
class workload_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What tasks there are and which results are right. All members are
/// [thread-safe].
class workload {
 public:
  virtual ~workload() = default;

  /// "built-in", or the name that the strategy gave its own.
  [[nodiscard]] virtual std::string_view name() const = 0;

  /// Results count as the same by a rule of the workload's own, so their bytes tell nothing.
  [[nodiscard]] virtual bool has_own_equality() const { return false; }

  /// True when two results of `task` count as the same: by the workload's own rule; without one
  /// when their kinds and the part that counts, scalar or data, are equal.
  [[nodiscard]] virtual bool equal(const taskworker_task &task, const taskworker_result &a,
                                   const taskworker_result &b) const;

  /// By operation number; 1 to TASKWORKER_MAX_OPERATIONS of them.
  [[nodiscard]] const std::vector<std::string> &operation_names() const { return names_; }

  /// Sets operation, payload and size of the generated task `task.id`. The payload
  /// lies in `buffer` or in memory of the workload. Throws workload_error.
  virtual void make(taskworker_task &task, payload_buffer &buffer) const = 0;

  /// True when `result` is right for `task`, or cannot be checked.
  [[nodiscard]] virtual bool check(const taskworker_task &task,
                                   const taskworker_result &result) const = 0;

  /// "got 5, expected 4": what is wrong with a result that check() refused.
  [[nodiscard]] virtual std::string describe_mismatch(const taskworker_task &task,
                                                      const taskworker_result &result) const = 0;

  /// Bytes of result data that a task of this payload size may need at first.
  [[nodiscard]] virtual std::size_t result_capacity(std::size_t payload_size) const = 0;

 protected:
  explicit workload(std::vector<std::string> names) : names_(std::move(names)) {}

 private:
  std::vector<std::string> names_;
};

/// The four operations on int64 data: task i does operation i % 4 on
/// data[k] = (k*7 + i*3) % 100. Results are checked against an oracle that shares
/// no code with any strategy.
[[nodiscard]] std::unique_ptr<workload> make_builtin_workload(std::uint64_t data_size);

/// The workload that a strategy brings. `extension` must outlive the result.
[[nodiscard]] std::unique_ptr<workload> make_strategy_workload(const taskworker_workload &extension,
                                                               std::uint64_t data_size);

}  // namespace taskworker::worker
