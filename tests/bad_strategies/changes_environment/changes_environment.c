/* SPDX-License-Identifier: MIT */
/* It sets an environment variable of the whole program. */
#include "sound.h"

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  if (setenv("TZ", "Antarctica/Troll", 1) != 0) return TASKWORKER_FAILED;
  return sound_start(instance, workers);
}

SOUND_BUT("changes_environment", instance->start = start);
