// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "check/checked_instance.hpp"
#include "check/lent_result.hpp"
#include "check/lent_task.hpp"
#include "check/opened_strategy.hpp"
#include "strategy/instance.hpp"
#include "strategy/word.hpp"
#include "worker/workload.hpp"

namespace taskworker::check {

/// How tasks and results are lent in a case.
struct lending {
  bool is_input_sealed = false;
  placement results = placement::roomy;
  std::uint64_t info_capacity = 4096;
};

/// A task that was done, with what it was lent.
struct done_task {
  lent_result lent;
  taskworker_result result{};
  taskworker_status status = TASKWORKER_OK;
};

/// What the body of a case works with. Instances that it makes stay as they are, for good,
/// when the case ends early: threads of the strategy may still use them. Use from the control
/// thread, apart from run_task().
class case_context {
 public:
  case_context(opened_strategy &opened, std::vector<strategy::given_option> given)
      : opened_(opened), given_(std::move(given)) {}
  case_context(const case_context &) = delete;
  case_context &operator=(const case_context &) = delete;

  [[nodiscard]] opened_strategy &strategy() { return opened_; }
  [[nodiscard]] const std::vector<strategy::given_option> &given() const { return given_; }

  /// Ends a case that is about this step, as failed where it was refused, as skipped where an
  /// earlier one was.
  void require(opening_step step) const;
  /// Ends the case as skipped where anything was refused.
  void require_opened() const;

  /// The configuration that the command line asks for.
  [[nodiscard]] strategy::instance_config config(std::uint32_t workers = 1,
                                                 std::uint64_t data_size = 100) const;

  /// The strategy's own tasks, else the built-in ones.
  [[nodiscard]] std::unique_ptr<worker::workload> tasks(std::uint64_t data_size = 100) const;
  [[nodiscard]] bool has_own_tasks() const { return opened_.workload() != nullptr; }

  /// create() and init().
  checked_instance &make_instance(const strategy::instance_config &config, bool is_sealed = false);
  /// create() alone.
  checked_instance &create_instance(const strategy::instance_config &config,
                                    bool is_sealed = false);
  /// destroy(), and forgets it.
  void destroy(checked_instance &gone);

  /// Does the task on the calling thread, once more with larger buffers where it asks for
  /// them. Fails where what process() leaves breaks a rule (lent_result.hpp).
  [[nodiscard]] static done_task do_task(checked_instance &running, std::uint32_t worker,
                                         const worker::workload &tasks, const lent_task &task,
                                         const lending &how = {});

  /// The same, and fails where status or result are not right. CANCELLED is right while the
  /// host stops.
  static void run_task(checked_instance &running, std::uint32_t worker,
                       const worker::workload &tasks, const lent_task &task,
                       const lending &how = {});

  /// run_task() for `count` tasks from `first` on, on a worker thread of index 0.
  static void run_tasks(checked_instance &running, const worker::workload &tasks,
                        std::uint64_t count, const lending &how = {}, std::uint64_t first = 0);

  /// A whole life: create() to destroy() with `count` tasks on each worker at once.
  void live(const strategy::instance_config &config, std::uint64_t count, const lending &how = {},
            bool is_sealed = false);

  /// Keeps the instances that are left for good.
  void abandon() noexcept;

 private:
  opened_strategy &opened_;
  const std::vector<strategy::given_option> given_;
  std::vector<std::unique_ptr<checked_instance>> instances_;
};

/// Runs `work(index)` on `count` threads at once and waits for all. What one of them throws
/// is thrown here.
void on_worker_threads(std::uint32_t count, const std::function<void(std::uint32_t)> &work);

}  // namespace taskworker::check
