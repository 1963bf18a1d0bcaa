/* SPDX-License-Identifier: MIT */
/* Each third task fails; the others are right. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  if (task->id % 3 == 2) return TASKWORKER_FAILED;
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("fails_every_third", instance->process = process);
