/* SPDX-License-Identifier: MIT */
/* destroy() starts a job, whose callbacks would come when the instance is gone. */
#include <taskworker/ext/jobs.h>

#include "sound.h"

static void do_nothing(void *context) { (void)context; }

static void destroy(taskworker_instance *instance) {
  const taskworker_host *host = host_of(instance);
  const taskworker_host_jobs *jobs =
      (const taskworker_host_jobs *)ask_host(instance, TASKWORKER_EXT_JOBS);
  const uint64_t second = 1000000000;
  if (jobs != NULL) jobs->start(host, second, do_nothing, NULL, NULL);
  sound_destroy(instance);
}

SOUND_BUT("starts_job_in_destroy", instance->destroy = destroy);
