/* SPDX-License-Identifier: MIT */
/* It moves the whole program to another folder. */
#include <unistd.h>

#include "sound.h"

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  if (chdir("/") != 0) return TASKWORKER_FAILED;
  return sound_start(instance, workers);
}

SOUND_BUT("changes_directory", instance->start = start);
