/* SPDX-License-Identifier: MIT */
/* The entry's init() never returns, and leaves a child that lives on for a while. */
#include <unistd.h>

#include "sound.h"

static taskworker_status init(const char *path) {
  (void)path;
  if (fork() == 0) {
    sleep(30);
    _exit(0);
  }
  while (pause() != 0) {
  }
  return TASKWORKER_OK;
}

ENTRY("init_hangs", init, sound_create, NULL);
