/* SPDX-License-Identifier: MIT */
/* It writes the whole result, whatever room there is. */
#include "unordered.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance;
  (void)worker;
  taskworker_result roomy = *result;
  roomy.data_capacity = UINT64_MAX;
  const taskworker_status status = give(task, &roomy, task->id, task->id + 1);
  result->data_size = roomy.data_size;
  result->kind = roomy.kind;
  return status;
}

SOUND_BUT_WITH(get_extension, "ignores_capacity", instance->process = process);
