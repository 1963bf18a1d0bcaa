/* SPDX-License-Identifier: MIT */
/* Task 3 writes to address 0; those before it are right. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  volatile int64_t *volatile nowhere = NULL;
  if (task->id == 3) *nowhere = 1;
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("segfaults_in_process", instance->process = process);
