/* SPDX-License-Identifier: MIT */
/* The entry's init() crashes: whoever opens this must do it in another process. */
#include <signal.h>

#include "sound.h"

static taskworker_status init(const char *path) {
  (void)path;
  raise(SIGSEGV);
  return TASKWORKER_OK;
}

ENTRY("init_crashes", init, sound_create, NULL);
