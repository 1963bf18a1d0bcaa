/* SPDX-License-Identifier: MIT */
/* The instance's init() fails: only destroy() may follow. */
#include "sound.h"

static taskworker_status init(taskworker_instance *instance) {
  (void)instance;
  return TASKWORKER_FAILED;
}

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  the_instance.init = init;
  return &the_instance;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "instance_init_fails",
                   .version = "1.0.0",
                   .summary = "Fails in init()."},
    .create = create,
};
