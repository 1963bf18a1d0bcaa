/* SPDX-License-Identifier: MIT */
/* It returns a status that the interface does not have. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance;
  (void)worker;
  (void)task;
  (void)result;
  return 42;
}

SOUND_BUT("unknown_status", instance->process = process);
