/* SPDX-License-Identifier: MIT */
/* start() never returns. */
#include <unistd.h>

#include "sound.h"

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  (void)instance;
  (void)workers;
  while (pause() != 0) {
  }
  return TASKWORKER_OK;
}

SOUND_BUT("hangs_in_start", instance->start = start);
