// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>

#include "common/arithmetic.hpp"
#include "peers/generated_tasks.hpp"

namespace bench::peers {

/// Generated tasks of which nothing is done but the arithmetic, by the functions that the
/// strategies use.
class kernel_tasks {
 public:
  using task = generated_tasks::task;

  explicit kernel_tasks(const run_plan &plan) : tasks_(plan) {}

  [[nodiscard]] task make(std::uint64_t id) { return tasks_.make(id); }

  void run(std::uint32_t worker, const task &given) {
    taskworker_result result = tasks_.empty_result(worker);
    calculate(given, result);
    // So that the compiler takes the result for used.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    tasks_.check(given, result);
  }

 private:
  static void calculate(const task &given, taskworker_result &result) {
    namespace kernels = taskworker::strategies;
    const kernels::values in(static_cast<const std::int64_t *>(given.payload),
                             given.payload_size / sizeof(std::int64_t));
    auto *const out = static_cast<std::int64_t *>(result.data);
    switch (given.operation) {
      case TASKWORKER_SUM:
        result.scalar = kernels::sum(in);
        return;
      case TASKWORKER_MULTIPLY:
        result.scalar = kernels::multiply(in);
        return;
      case TASKWORKER_SQUARE:
        kernels::square(in, out);
        return set_array(result, in.size());
      case TASKWORKER_FILTER:
        return set_array(result, kernels::filter_even(in, out));
      default:
        std::abort();
    }
  }

  static void set_array(taskworker_result &result, std::size_t elements) {
    result.kind = TASKWORKER_ARRAY;
    result.data_size = elements * sizeof(std::int64_t);
  }

  generated_tasks tasks_;
};

}  // namespace bench::peers
