/* SPDX-License-Identifier: MIT */
/* A task takes 5 ms in its first two processes (runs.h), and nothing in those after them. */
#include <time.h>

#include "runs.h"
#include "sound.h"

static int is_slow;

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  is_slow = count_run() <= 2;
  return sound_start(instance, workers);
}

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  const struct timespec time = {.tv_nsec = 5000000};
  if (is_slow) nanosleep(&time, NULL);
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("slow_at_first", instance->start = start, instance->process = process);
