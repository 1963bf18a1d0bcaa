/* SPDX-License-Identifier: MIT */
/* stop() starts a job, which nothing can cancel after it. */
#include <taskworker/ext/jobs.h>

#include "sound.h"

static void do_nothing(void *context) { (void)context; }

static void stop(taskworker_instance *instance) {
  const taskworker_host_jobs *jobs =
      (const taskworker_host_jobs *)ask_host(instance, TASKWORKER_EXT_JOBS);
  const uint64_t second = 1000000000;
  if (jobs->start(host_of(instance), second, do_nothing, NULL, NULL) == 0) abort();
}

SOUND_BUT("starts_job_in_stop", instance->stop = stop);
