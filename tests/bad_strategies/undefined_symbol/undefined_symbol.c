/* SPDX-License-Identifier: MIT */
/* It calls a function that nothing defines. */
#include "sound.h"

int is_defined_nowhere(void);

static taskworker_status init(const char *path) {
  (void)path;
  return is_defined_nowhere() == 0 ? TASKWORKER_OK : TASKWORKER_FAILED;
}

ENTRY("undefined_symbol", init, sound_create, NULL);
