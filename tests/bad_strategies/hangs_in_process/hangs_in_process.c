/* SPDX-License-Identifier: MIT */
/* process() never returns, and does not look at whether the host is stopping. */
#include <unistd.h>

#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance;
  (void)worker;
  (void)task;
  (void)result;
  while (pause() != 0) {
  }
  return TASKWORKER_OK;
}

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  the_instance.process = process;
  return &the_instance;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "hangs_in_process", .version = "1.0.0", .summary = "Never returns."},
    .create = create,
};
