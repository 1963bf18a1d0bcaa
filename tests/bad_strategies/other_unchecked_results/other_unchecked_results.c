/* SPDX-License-Identifier: MIT */
/* The same workload as unchecked_results; the result of one task is another. */
#include "unchecked.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  const taskworker_status status = unchecked_process(instance, worker, task, result);
  if (task->id == 77) ++result->scalar;
  return status;
}

SOUND_BUT_WITH(get_extension, "other_unchecked_results", instance->process = process);
