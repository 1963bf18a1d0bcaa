/* SPDX-License-Identifier: MIT */
/* The name is none that --strategy= could be given. */
#include "sound.h"

ENTRY("bad name", NULL, sound_create, NULL);
