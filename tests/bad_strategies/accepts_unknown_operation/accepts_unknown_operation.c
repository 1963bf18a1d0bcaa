/* SPDX-License-Identifier: MIT */
/* It has an answer to an operation that there is not. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  if (task->operation > TASKWORKER_FILTER) return TASKWORKER_OK;
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("accepts_unknown_operation", instance->process = process);
