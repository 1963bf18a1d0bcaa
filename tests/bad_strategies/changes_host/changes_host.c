/* SPDX-License-Identifier: MIT */
/* It writes into a struct that belongs to the host. */
#include "sound.h"

static taskworker_status init(taskworker_instance *instance) {
  ((taskworker_host *)instance->strategy_data)->version = "";
  return TASKWORKER_OK;
}

SOUND_BUT("changes_host", instance->init = init);
