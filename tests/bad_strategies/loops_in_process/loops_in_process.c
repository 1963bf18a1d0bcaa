/* SPDX-License-Identifier: MIT */
/* process() never returns, and burns its processor. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance;
  (void)worker;
  (void)task;
  (void)result;
  for (volatile int for_ever = 1; for_ever;) {
  }
  return TASKWORKER_OK;
}

SOUND_BUT("loops_in_process", instance->process = process);
