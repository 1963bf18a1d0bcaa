/* SPDX-License-Identifier: MIT */
/* start() says so and comes back when the run is stopped: no task is ever taken. */
#include <taskworker/ext/log.h>
#include <taskworker/ext/stop.h>
#include <sched.h>

#include "sound.h"

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  (void)workers;
  const taskworker_host *host = host_of(instance);
  const taskworker_host_log *log =
      (const taskworker_host_log *)ask_host(instance, TASKWORKER_EXT_LOG);
  const taskworker_host_stop *stop =
      (const taskworker_host_stop *)ask_host(instance, TASKWORKER_EXT_STOP);
  if (log == NULL || stop == NULL) return TASKWORKER_FAILED;
  log->log(host, TASKWORKER_LOG_INFO, "waits for the stop");
  while (!stop->is_stopping(host)) sched_yield();
  return TASKWORKER_OK;
}

SOUND_BUT("starts_when_stopped", instance->start = start);
