/* SPDX-License-Identifier: MIT */
/* It writes an element behind the end of the result. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  const taskworker_status status = sound_process(instance, worker, task, result);
  if (result->kind == TASKWORKER_ARRAY) {
    ((int64_t *)result->data)[result->data_capacity / sizeof(int64_t)] = 0;
  }
  return status;
}

SOUND_BUT("overruns_result", instance->process = process);
