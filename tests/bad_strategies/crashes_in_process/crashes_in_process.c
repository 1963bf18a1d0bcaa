/* SPDX-License-Identifier: MIT */
/* Task 3 aborts the process; those before it are right. */
#include <stdlib.h>

#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  if (task->id == 3) abort();
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("crashes_in_process", instance->process = process);
