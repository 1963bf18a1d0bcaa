/* SPDX-License-Identifier: MIT */
/* After stop() and start() its sums begin where they ended. */
#include "sound.h"

static int32_t starts;

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  ++starts;
  return sound_start(instance, workers);
}

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  const taskworker_status status = sound_process(instance, worker, task, result);
  if (starts > 1 && result->kind == TASKWORKER_SCALAR) ++result->scalar;
  return status;
}

SOUND_BUT("wrong_when_restarted", instance->start = start, instance->process = process);
