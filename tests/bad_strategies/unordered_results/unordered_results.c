/* SPDX-License-Identifier: MIT */
/* Bytes do not tell whether its results are right. */
#include "unordered.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance;
  (void)worker;
  return give(task, result, task->id, task->id + 1);
}

SOUND_BUT_WITH(get_extension, "unordered_results", instance->process = process);
