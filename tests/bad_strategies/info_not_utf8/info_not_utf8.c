/* SPDX-License-Identifier: MIT */
/* The info text is Latin-1. */
#include <string.h>

#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  const taskworker_status status = sound_process(instance, worker, task, result);
  if (result->info_capacity < 4) {
    result->info_size = 4;
    return TASKWORKER_NO_CAPACITY;
  }
  memcpy(result->info, "caf\xe9", 4);
  result->info_size = 4;
  return status;
}

SOUND_BUT("info_not_utf8", instance->process = process);
