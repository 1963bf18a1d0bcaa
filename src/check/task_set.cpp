// SPDX-License-Identifier: MIT
#include "check/task_set.hpp"

#include <algorithm>

#include "check/call.hpp"
#include "check/verdict.hpp"

namespace taskworker::check {
namespace {

constexpr std::size_t roomy = 4096;

}  // namespace

task_set::task_set(const worker::workload &tasks, std::uint64_t first, std::uint64_t count)
    : workload_(tasks) {
  std::size_t payload = 0;
  for (std::uint64_t id = first; id < first + count; ++id) {
    tasks_.push_back(std::make_unique<lent_task>(tasks, id));
    payload = std::max(payload, static_cast<std::size_t>(tasks_.back()->original().payload_size));
  }
  lent_ = std::make_unique<lent_result>(std::max(tasks.result_capacity(payload), roomy), roomy);
}

void task_set::run(checked_instance &running, std::uint32_t worker) const {
  for (const auto &each : tasks_) {
    taskworker_result result = lent_->fresh();
    if (running.process(worker, each->lent(), result) == TASKWORKER_OK) continue;
    skip("its tasks are not done at the first call, so they tell nothing of what they cost");
  }
}

void task_set::run_and_check(checked_instance &running, std::uint32_t worker) const {
  for (const auto &each : tasks_) {
    taskworker_result result = lent_->fresh();
    // What else may come back is up to other cases.
    if (running.process(worker, each->lent(), result) != TASKWORKER_OK) continue;
    const bool is_right =
        make_call(call::check, [&] { return workload_.check(each->original(), result); });
    if (is_right) continue;
    fail("strategy.h (7)", "the result of " + each->describe(workload_) + " on worker " +
                               std::to_string(worker) + ", with others beside it, is wrong: " +
                               workload_.describe_mismatch(each->original(), result));
  }
}

}  // namespace taskworker::check
