/* SPDX-License-Identifier: MIT */
/* Task 3 divides by zero; those before it are right. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  volatile int64_t number = 0;
  if (task->id == 3) number = 7 / number;
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("divides_by_zero", instance->process = process);
