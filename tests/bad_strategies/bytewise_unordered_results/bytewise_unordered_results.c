/* SPDX-License-Identifier: MIT */
/* The workload of unordered_results as it was before it had an equality of its own. */
#define EQUAL NULL
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
    .descriptor = {.name = "bytewise_unordered_results",
                   .version = "1.0.0",
                   .summary = "Brings unordered_results, but for its equality."},
    .create = create,
    .get_extension = get_extension,
};
