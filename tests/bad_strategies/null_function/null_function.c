/* SPDX-License-Identifier: MIT */
/* The instance lacks a function that is mandatory. */
#include "sound.h"

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  the_instance.process = NULL;
  return &the_instance;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "null_function", .version = "1.0.0", .summary = "Has no process()."},
    .create = create,
};
