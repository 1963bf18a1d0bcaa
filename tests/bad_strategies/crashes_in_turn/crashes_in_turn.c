/* SPDX-License-Identifier: MIT */
/* Counts the processes that run it in a file that TASKWORKER_TEST_RUNS names. Where
 * TASKWORKER_TEST_CRASHES is set, each second one aborts after the fourth. */
#include <stdio.h>
#include <stdlib.h>

#include "sound.h"

static long count_run(const char *path) {
  FILE *file = fopen(path, "ab");
  if (file == NULL) return 0;
  fputc('.', file);
  fseek(file, 0, SEEK_END);
  const long runs = ftell(file);
  fclose(file);
  return runs;
}

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  const char *path = getenv("TASKWORKER_TEST_RUNS");
  const long runs = path != NULL ? count_run(path) : 0;
  if (getenv("TASKWORKER_TEST_CRASHES") != NULL && runs > 4 && runs % 2 == 0) abort();
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
