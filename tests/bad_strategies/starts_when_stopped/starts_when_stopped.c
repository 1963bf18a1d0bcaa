/* SPDX-License-Identifier: MIT */
/* start() says so and comes back when the run is stopped: no task is ever taken. */
#include <taskworker/ext/log.h>
#include <taskworker/ext/stop.h>
#include <sched.h>

#include "sound.h"

static const taskworker_host *the_host;

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  (void)instance;
  (void)workers;
  const taskworker_host_log *log =
      (const taskworker_host_log *)the_host->get_extension(the_host, TASKWORKER_EXT_LOG);
  const taskworker_host_stop *stop =
      (const taskworker_host_stop *)the_host->get_extension(the_host, TASKWORKER_EXT_STOP);
  if (log == NULL || stop == NULL) return TASKWORKER_FAILED;
  log->log(the_host, TASKWORKER_LOG_INFO, "waits for the stop");
  while (!stop->is_stopping(the_host)) sched_yield();
  return TASKWORKER_OK;
}

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)config;
  the_host = host;
  the_instance.start = start;
  return &the_instance;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "starts_when_stopped", .version = "1.0.0", .summary = "Starts late."},
    .create = create,
};
