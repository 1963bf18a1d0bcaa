/* SPDX-License-Identifier: MIT */
/* A static constructor writes to standard output, before the version is checked. */
#include <stdio.h>

#include "sound.h"

static __attribute__((constructor)) void greet(void) { puts("hello from a constructor"); }

ENTRY("constructor_prints", NULL, sound_create, NULL);
