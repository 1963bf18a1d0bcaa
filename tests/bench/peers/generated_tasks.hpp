// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "strategy_run.hpp"
#include "worker/payload_buffer.hpp"
#include "worker/workload.hpp"

namespace bench::peers {

/// The tasks that taskworker's own source makes, made in the same way, and the memory that
/// each worker has for results.
class generated_tasks {
 public:
  using task = taskworker_task;

  explicit generated_tasks(const run_plan &plan)
      : workload_(taskworker::worker::make_builtin_workload(plan.data_size)),
        is_checked_(plan.verify_every != 0) {
    for (auto &worker : workers_) worker.data.reserve(plan.data_size * sizeof(std::int64_t));
  }

  [[nodiscard]] task make(std::uint64_t id) {
    task made{};
    made.id = id;
    workload_->make(made, unused_);
    return made;
  }

  [[nodiscard]] taskworker_result empty_result(std::uint32_t worker) noexcept {
    worker_memory &memory = workers_[worker];
    taskworker_result result{};
    result.data = memory.data.data();
    result.data_capacity = memory.data.capacity();
    result.info = memory.info.data();
    result.info_capacity = memory.info.size();
    return result;
  }

  /// Ends the process where the plan says that results are looked at and this one is wrong.
  void check(const task &done, const taskworker_result &result) const {
    if (!is_checked_ || workload_->check(done, result)) [[likely]]
      return;
    std::fprintf(stderr, "task %llu: %s\n", static_cast<unsigned long long>(done.id),
                 workload_->describe_mismatch(done, result).c_str());
    std::abort();
  }

  [[nodiscard]] const taskworker::worker::workload &workload() const noexcept { return *workload_; }

 private:
  struct alignas(64) worker_memory {
    taskworker::worker::payload_buffer data;
    std::array<char, 256> info;
  };

  const std::unique_ptr<taskworker::worker::workload> workload_;
  const bool is_checked_;
  taskworker::worker::payload_buffer unused_;  // the built-in workload's payloads lie elsewhere
  std::array<worker_memory, run_workers> workers_;
};

}  // namespace bench::peers
