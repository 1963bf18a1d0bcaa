/* SPDX-License-Identifier: MIT */
/* It says that it wrote more than the buffer holds. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  const taskworker_status status = sound_process(instance, worker, task, result);
  if (result->kind == TASKWORKER_ARRAY) result->data_size = result->data_capacity + sizeof(int64_t);
  return status;
}

SOUND_BUT("size_above_capacity", instance->process = process);
