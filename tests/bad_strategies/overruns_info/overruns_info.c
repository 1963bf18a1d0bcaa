/* SPDX-License-Identifier: MIT */
/* It ends the info text by a zero byte, behind its capacity. */
#include <string.h>

#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  const taskworker_status status = sound_process(instance, worker, task, result);
  memset(result->info, 'x', result->info_capacity);
  result->info_size = result->info_capacity;
  result->info[result->info_size] = '\0';
  return status;
}

SOUND_BUT("overruns_info", instance->process = process);
