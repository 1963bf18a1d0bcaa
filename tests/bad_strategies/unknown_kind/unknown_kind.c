/* SPDX-License-Identifier: MIT */
/* The kind of its results is neither scalar nor array. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  const taskworker_status status = sound_process(instance, worker, task, result);
  result->kind = 2;
  return status;
}

SOUND_BUT("unknown_kind", instance->process = process);
