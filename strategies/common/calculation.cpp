// SPDX-License-Identifier: MIT
#include "common/calculation.hpp"

#include <string>

#include "common/arithmetic.hpp"

namespace taskworker::strategies {
namespace {

// The way of every fault: apart from the hot path, and free to allocate.
[[gnu::cold, gnu::noinline]] taskworker_status refuse(const host_link &host,
                                                      const taskworker_task &task,
                                                      taskworker_status status,
                                                      const std::string &reason) {
  const std::string text = "task " + std::to_string(task.id) + " " + reason;
  host.log(TASKWORKER_LOG_ERROR, text.c_str());
  return status;
}

taskworker_status give_scalar(taskworker_result &result, std::int64_t scalar) {
  result.kind = TASKWORKER_SCALAR;
  result.scalar = scalar;
  return TASKWORKER_OK;
}

taskworker_status give_array(taskworker_result &result, std::size_t elements) {
  result.kind = TASKWORKER_ARRAY;
  result.data_size = elements * sizeof(std::int64_t);
  return TASKWORKER_OK;
}

}  // namespace

taskworker_status calculate(const taskworker_task &task, taskworker_result &result,
                            const host_link &host) {
  if (task.operation > TASKWORKER_FILTER) {
    return refuse(host, task, TASKWORKER_UNSUPPORTED,
                  "has operation " + std::to_string(task.operation) + ", expected 0 to 3");
  }
  if (task.payload_size % sizeof(std::int64_t) != 0) {
    return refuse(host, task, TASKWORKER_FAILED,
                  "has a payload of " + std::to_string(task.payload_size) +
                      " bytes, expected a multiple of 8");
  }
  const values in(static_cast<const std::int64_t *>(task.payload),
                  static_cast<std::size_t>(task.payload_size / sizeof(std::int64_t)));
  if (task.operation == TASKWORKER_SUM) return give_scalar(result, sum(in));
  if (task.operation == TASKWORKER_MULTIPLY) return give_scalar(result, multiply(in));
  // Room for all elements is what filtering asks for too: how many are even, only the
  // work itself would tell.
  if (result.data_capacity < task.payload_size) {
    result.data_size = task.payload_size;
    return TASKWORKER_NO_CAPACITY;
  }
  auto *const out = static_cast<std::int64_t *>(result.data);
  if (task.operation == TASKWORKER_FILTER) return give_array(result, filter_even(in, out));
  square(in, out);
  return give_array(result, in.size());
}

}  // namespace taskworker::strategies
