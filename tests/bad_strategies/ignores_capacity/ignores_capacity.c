/* SPDX-License-Identifier: MIT */
/* It writes the whole result, whatever room there is. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  taskworker_result roomy = *result;
  roomy.data_capacity = UINT64_MAX;
  const taskworker_status status = sound_process(instance, worker, task, &roomy);
  roomy.data_capacity = result->data_capacity;
  *result = roomy;
  return status;
}

SOUND_BUT("ignores_capacity", instance->process = process);
