/* SPDX-License-Identifier: MIT */
/* Task 3 calls itself until the stack ends; those before it are right. */
#include "sound.h"

static __attribute__((noinline)) int64_t descend(int64_t depth) {
  volatile int64_t frame[64] = {depth};
  const int64_t below = depth > 0 ? descend(depth + 1) : 0;
  return below + frame[0];
}

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  if (task->id == 3) result->scalar = descend(1);
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("overflows_stack", instance->process = process);
