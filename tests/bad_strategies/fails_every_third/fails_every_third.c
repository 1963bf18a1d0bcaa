/* SPDX-License-Identifier: MIT */
/* Each third task fails; the others are right. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  if (task->id % 3 == 2) return TASKWORKER_FAILED;
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
    .descriptor = {.name = "fails_every_third",
                   .version = "1.0.0",
                   .summary = "Fails tasks 2, 5, 8, ..."},
    .create = create,
};
