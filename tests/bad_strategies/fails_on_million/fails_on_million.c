/* SPDX-License-Identifier: MIT */
/* A task of many elements is a failure. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  if (task->payload_size > 100000 * sizeof(int64_t)) return TASKWORKER_FAILED;
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("fails_on_million", instance->process = process);
