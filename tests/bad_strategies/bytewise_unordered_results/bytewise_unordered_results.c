/* SPDX-License-Identifier: MIT */
/* The workload of unordered_results as it was before it had an equality of its own. */
#define EQUAL NULL
#include "unordered.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance;
  (void)worker;
  return give(task, result, task->id, task->id + 1);
}

SOUND_BUT_WITH(get_extension, "bytewise_unordered_results", instance->process = process);
