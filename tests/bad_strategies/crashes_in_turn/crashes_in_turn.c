/* SPDX-License-Identifier: MIT */
/* Counts its processes (runs.h). Where TASKWORKER_TEST_CRASHES is set, each second one aborts. */
#include "runs.h"
#include "sound.h"

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  const long runs = count_run();
  if (getenv("TASKWORKER_TEST_CRASHES") != NULL && runs % 2 == 0) abort();
  return sound_start(instance, workers);
}

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  the_instance.start = start;
  return &the_instance;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "crashes_in_turn",
                   .version = "1.0.0",
                   .summary = "Aborts in each second process."},
    .create = create,
};
