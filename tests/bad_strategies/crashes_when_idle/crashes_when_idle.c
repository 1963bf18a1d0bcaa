/* SPDX-License-Identifier: MIT */
/* destroy() needs what only start() makes. */
#include "sound.h"

static int starts;

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  ++starts;
  return sound_start(instance, workers);
}

static void destroy(taskworker_instance *instance) {
  if (starts == 0) abort();
  sound_destroy(instance);
}

SOUND_BUT("crashes_when_idle", instance->start = start, instance->destroy = destroy);
