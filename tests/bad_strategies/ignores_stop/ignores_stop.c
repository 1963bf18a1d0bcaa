/* SPDX-License-Identifier: MIT */
/* A task of a minute does not look at whether the host is stopping. */
#include <time.h>

#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  const clock_t end = clock() + 60 * CLOCKS_PER_SEC;
  while (clock() < end) {
  }
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("ignores_stop", instance->process = process);
