/* SPDX-License-Identifier: MIT */
/* The same workload as unchecked_results; the result of one task is another. */
#include "unchecked.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  const taskworker_status status = unchecked_process(instance, worker, task, result);
  if (task->id == 77) ++result->scalar;
  return status;
}

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  the_instance.process = process;
  return &the_instance;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "other_unchecked_results",
                   .version = "1.0.0",
                   .summary = "Differs from unchecked_results in task 77."},
    .create = create,
    .get_extension = get_extension,
};
