/* SPDX-License-Identifier: MIT */
/* Each task allocates, and frees again. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  void *volatile copy = malloc(64);
  if (copy == NULL) return TASKWORKER_FAILED;
  free(copy);
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("allocates_in_process", instance->process = process);
