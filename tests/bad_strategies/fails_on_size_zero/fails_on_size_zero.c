/* SPDX-License-Identifier: MIT */
/* A task without elements is a failure. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  if (task->payload_size == 0) return TASKWORKER_FAILED;
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("fails_on_size_zero", instance->process = process);
