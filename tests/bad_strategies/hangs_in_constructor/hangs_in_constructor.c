/* SPDX-License-Identifier: MIT */
/* A static constructor never returns, while the library is being opened. */
#include <unistd.h>

#include "sound.h"

static __attribute__((constructor)) void hang(void) {
  while (pause() != 0) {
  }
}

ENTRY("hangs_in_constructor", NULL, sound_create, NULL);
