/* SPDX-License-Identifier: MIT */
/* A static constructor computes for a while before the library is open. */
#include <time.h>

#include "sound.h"

static __attribute__((constructor)) void compute(void) {
  const clock_t end = clock() + CLOCKS_PER_SEC;
  while (clock() < end) {
  }
}

ENTRY("slow_to_load", NULL, sound_create, NULL);
