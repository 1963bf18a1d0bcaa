/* SPDX-License-Identifier: MIT */
/* Nobody can say whether its results are right. */
#include "unchecked.h"

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  the_instance.process = unchecked_process;
  return &the_instance;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "unchecked_results",
                   .version = "1.0.0",
                   .summary = "Brings a workload without a check."},
    .create = create,
    .get_extension = get_extension,
};
