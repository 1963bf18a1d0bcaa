/* SPDX-License-Identifier: MIT */
/* The instance's init() fails: only destroy() may follow. */
#include "sound.h"

static taskworker_status init(taskworker_instance *instance) {
  (void)instance;
  return TASKWORKER_FAILED;
}

SOUND_BUT("instance_init_fails", instance->init = init);
