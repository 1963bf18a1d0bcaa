/* SPDX-License-Identifier: MIT */
/* start() fails: the instance stays idle, and only destroy() may follow. */
#include "sound.h"

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  (void)instance;
  (void)workers;
  return TASKWORKER_FAILED;
}

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  the_instance.start = start;
  return &the_instance;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "start_fails", .version = "1.0.0", .summary = "Fails in start()."},
    .create = create,
};
