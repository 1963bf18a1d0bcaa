/* SPDX-License-Identifier: MIT */
/* The same workload as unordered_results, and the same results, in other bytes. */
#include "unordered.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance;
  (void)worker;
  return give(result, task->id + 1, task->id);
}

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  the_instance.process = process;
  return &the_instance;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "reversed_unordered_results",
                   .version = "1.0.0",
                   .summary = "Gives what unordered_results does, the other way round."},
    .create = create,
    .get_extension = get_extension,
};
