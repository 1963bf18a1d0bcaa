/* SPDX-License-Identifier: MIT */
/* All workers sum up in one place, with nothing to guard it. */
#include <sched.h>

#include "sound.h"

static volatile int64_t sum;

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  if (task->operation != TASKWORKER_SUM) return sound_process(instance, worker, task, result);
  const int64_t *in = (const int64_t *)task->payload;
  sum = 0;
  for (uint64_t i = 0; i < task->payload_size / sizeof *in; ++i) {
    sum = (int64_t)((uint64_t)sum + (uint64_t)in[i]);
  }
  sched_yield(); /* seldom is not never: here is where another one comes in between */
  result->scalar = sum;
  return TASKWORKER_OK;
}

SOUND_BUT("workers_share_state", instance->process = process);
