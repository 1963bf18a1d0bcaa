/* SPDX-License-Identifier: MIT */
/* A job is still there after stop(). */
#include <taskworker/ext/jobs.h>

#include "sound.h"

static void do_nothing(void *context) { (void)context; }

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  (void)workers;
  const taskworker_host *host = host_of(instance);
  const taskworker_host_jobs *jobs =
      (const taskworker_host_jobs *)ask_host(instance, TASKWORKER_EXT_JOBS);
  if (jobs == NULL) return TASKWORKER_FAILED;
  const uint64_t second = 1000000000;
  return jobs->start(host, second, do_nothing, NULL, NULL) != 0 ? TASKWORKER_OK : TASKWORKER_FAILED;
}

SOUND_BUT("leaves_job", instance->start = start);
