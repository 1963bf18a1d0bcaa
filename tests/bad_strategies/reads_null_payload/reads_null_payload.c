/* SPDX-License-Identifier: MIT */
/* It looks at the first element of a payload that has none. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  volatile const int64_t *in = (const int64_t *)task->payload;
  (void)in[0];
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("reads_null_payload", instance->process = process);
