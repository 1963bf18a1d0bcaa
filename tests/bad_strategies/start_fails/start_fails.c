/* SPDX-License-Identifier: MIT */
/* start() fails: the instance stays idle, and only destroy() may follow. */
#include "sound.h"

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  (void)instance;
  (void)workers;
  return TASKWORKER_FAILED;
}

SOUND_BUT("start_fails", instance->start = start);
