/* SPDX-License-Identifier: MIT */
/* stop() never returns. */
#include <unistd.h>

#include "sound.h"

static void stop(taskworker_instance *instance) {
  (void)instance;
  while (pause() != 0) {
  }
}

SOUND_BUT("hangs_in_stop", instance->stop = stop);
