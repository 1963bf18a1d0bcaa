/* SPDX-License-Identifier: MIT */
/* A static constructor changes the whole program, before the version is checked. */
#include "sound.h"

static __attribute__((constructor)) void change(void) { setenv("TZ", "Antarctica/Troll", 1); }

ENTRY("constructor_has_effects", NULL, sound_create, NULL);
