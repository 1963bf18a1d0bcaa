/* SPDX-License-Identifier: MIT */
/* It has no defect: what the others are, but for theirs. */
#include "sound.h"

ENTRY("sound", NULL, sound_create, NULL);
