/* SPDX-License-Identifier: MIT */
/* The same workload as unordered_results, and the same results, in other bytes. */
#include "unordered.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance;
  (void)worker;
  return give(task, result, task->id + 1, task->id);
}

SOUND_BUT_WITH(get_extension, "reversed_unordered_results", instance->process = process);
