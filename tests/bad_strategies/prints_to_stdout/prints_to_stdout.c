/* SPDX-License-Identifier: MIT */
/* Each task writes where the report goes. */
#include <stdio.h>

#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  puts("processing");
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("prints_to_stdout", instance->process = process);
