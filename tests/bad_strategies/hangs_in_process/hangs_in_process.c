/* SPDX-License-Identifier: MIT */
/* process() never returns, and does not look at whether the host is stopping. */
#include <unistd.h>

#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance;
  (void)worker;
  (void)task;
  (void)result;
  while (pause() != 0) {
  }
  return TASKWORKER_OK;
}

SOUND_BUT("hangs_in_process", instance->process = process);
