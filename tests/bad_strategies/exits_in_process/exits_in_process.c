/* SPDX-License-Identifier: MIT */
/* Task 3 ends the whole program. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  if (task->id == 3) exit(0);
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("exits_in_process", instance->process = process);
