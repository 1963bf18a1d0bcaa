/* SPDX-License-Identifier: MIT */
/* Task 3 aborts the process; those before it are right. */
#include <stdlib.h>

#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  if (task->id == 3) abort();
  return sound_process(instance, worker, task, result);
}

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  the_instance.process = process;
  return &the_instance;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "crashes_in_process",
                   .version = "1.0.0",
                   .summary = "Aborts in task 3."},
    .create = create,
};
