/* SPDX-License-Identifier: MIT */
/* Bytes do not tell whether its results are right. */
#include "unordered.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance;
  (void)worker;
  return give(result, task->id, task->id + 1);
}

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  the_instance.process = process;
  return &the_instance;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "unordered_results",
                   .version = "1.0.0",
                   .summary = "Brings a workload with an equality of its own."},
    .create = create,
    .get_extension = get_extension,
};
