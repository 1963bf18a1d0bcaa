/* SPDX-License-Identifier: MIT */
/* Does nothing with a task: what is measured with it is the harness alone. */
#include <taskworker/strategy.h>

static taskworker_status nothing_to_do(taskworker_instance *instance) {
  (void)instance;
  return TASKWORKER_OK;
}

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  (void)instance;
  (void)workers;
  return TASKWORKER_OK;
}

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance;
  (void)worker;
  (void)task;
  (void)result;
  return TASKWORKER_OK;
}

static void nothing_left(taskworker_instance *instance) { (void)instance; }

static taskworker_instance the_instance = {
    .init = nothing_to_do,
    .start = start,
    .process = process,
    .stop = nothing_left,
    .destroy = nothing_left,
};

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  return &the_instance;
}

TASKWORKER_EXPORT const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "null", .version = "1.0.0", .summary = "Does nothing"},
    .create = create,
};
