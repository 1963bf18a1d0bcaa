/* SPDX-License-Identifier: MIT */
/* It squares the elements where the host keeps them. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  int64_t *in = (int64_t *)(uintptr_t)task->payload;
  for (uint64_t i = 0; i < task->payload_size / sizeof *in; ++i) in[i] *= in[i];
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("changes_input", instance->process = process);
