/* SPDX-License-Identifier: MIT */
/* Its info text takes more than the 128 bytes that there are at least. */
#include <string.h>

#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  const taskworker_status status = sound_process(instance, worker, task, result);
  result->info_size = 200;
  memset(result->info, 'x', result->info_size);
  return status;
}

SOUND_BUT("ignores_info_capacity", instance->process = process);
