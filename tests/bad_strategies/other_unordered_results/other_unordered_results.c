/* SPDX-License-Identifier: MIT */
/* The same workload as unordered_results; the result of one task is another. */
#include "unordered.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance;
  (void)worker;
  return give(task, result, task->id, task->id + (task->id == 77 ? 2 : 1));
}

SOUND_BUT_WITH(get_extension, "other_unordered_results", instance->process = process);
