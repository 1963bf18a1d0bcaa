/* SPDX-License-Identifier: MIT */
/* create() makes no instance. */
#include "sound.h"

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  return NULL;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "create_null", .version = "1.0.0", .summary = "Makes no instance."},
    .create = create,
};
