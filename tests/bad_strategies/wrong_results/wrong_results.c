/* SPDX-License-Identifier: MIT */
/* Every answer is off by one: a scalar by its value, an array by its last element. */
#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  const taskworker_status status = sound_process(instance, worker, task, result);
  const uint64_t count = result->data_size / sizeof(int64_t);
  if (result->kind == TASKWORKER_SCALAR) ++result->scalar;
  if (count > 0) ++((int64_t *)result->data)[count - 1];
  return status;
}

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  the_instance.process = process;
  return &the_instance;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "wrong_results", .version = "1.0.0", .summary = "Is off by one."},
    .create = create,
};
