/* SPDX-License-Identifier: MIT */
/* A job is still there after stop(). */
#include <taskworker/ext/jobs.h>

#include "sound.h"

static const taskworker_host *the_host;

static void do_nothing(void *context) { (void)context; }

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  (void)instance;
  (void)workers;
  const taskworker_host_jobs *jobs =
      (const taskworker_host_jobs *)the_host->get_extension(the_host, TASKWORKER_EXT_JOBS);
  if (jobs == NULL) return TASKWORKER_FAILED;
  const uint64_t second = 1000000000;
  return jobs->start(the_host, second, do_nothing, NULL, NULL) != 0 ? TASKWORKER_OK
                                                                    : TASKWORKER_FAILED;
}

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)config;
  the_host = host;
  the_instance.start = start;
  return &the_instance;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "leaves_job", .version = "1.0.0", .summary = "Leaves a job."},
    .create = create,
};
