/* SPDX-License-Identifier: MIT */
/* Counts its processes (runs.h). Where TASKWORKER_TEST_CRASHES is set, each second one aborts. */
#include "runs.h"
#include "sound.h"

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  const long runs = count_run();
  if (getenv("TASKWORKER_TEST_CRASHES") != NULL && runs % 2 == 0) abort();
  return sound_start(instance, workers);
}

SOUND_BUT("crashes_in_turn", instance->start = start);
