/* SPDX-License-Identifier: MIT */
/* Each task keeps 4 KiB that nobody frees. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  void *volatile kept = malloc(4096);
  if (kept == NULL) return TASKWORKER_FAILED;
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("leaks_memory", instance->process = process);
