/* SPDX-License-Identifier: MIT */
/* The same workload as unordered_results; the result of one task is another. */
#include "unordered.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance;
  (void)worker;
  return give(result, task->id, task->id + (task->id == 77 ? 2 : 1));
}

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  the_instance.process = process;
  return &the_instance;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "other_unordered_results",
                   .version = "1.0.0",
                   .summary = "Differs from unordered_results in task 77."},
    .create = create,
    .get_extension = get_extension,
};
