/* SPDX-License-Identifier: MIT */
/* A file that start() opens is never closed. */
#include <fcntl.h>

#include "sound.h"

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0) return TASKWORKER_FAILED;
  return sound_start(instance, workers);
}

SOUND_BUT("leaves_descriptor", instance->start = start);
