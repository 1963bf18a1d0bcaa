/* SPDX-License-Identifier: MIT */
/* destroy() needs what only start() makes. */
#include "sound.h"

static void destroy(taskworker_instance *instance) {
  if (instance->strategy_data == NULL) abort();
  sound_destroy(instance);
}

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  (void)workers;
  instance->strategy_data = instance;
  return TASKWORKER_OK;
}

SOUND_BUT("crashes_when_idle", instance->strategy_data = NULL, instance->start = start,
          instance->destroy = destroy);
