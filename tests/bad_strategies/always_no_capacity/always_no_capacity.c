/* SPDX-License-Identifier: MIT */
/* It never has enough room. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance;
  (void)worker;
  (void)task;
  result->data_size = result->data_capacity + 1;
  return TASKWORKER_NO_CAPACITY;
}

SOUND_BUT("always_no_capacity", instance->process = process);
