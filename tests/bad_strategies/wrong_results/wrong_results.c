/* SPDX-License-Identifier: MIT */
/* Every answer is off by one: a scalar by its value, an array by its last element. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  const taskworker_status status = sound_process(instance, worker, task, result);
  const uint64_t count = result->data_size / sizeof(int64_t);
  if (result->kind == TASKWORKER_SCALAR) ++result->scalar;
  if (count > 0) ++((int64_t *)result->data)[count - 1];
  return status;
}

SOUND_BUT("wrong_results", instance->process = process);
