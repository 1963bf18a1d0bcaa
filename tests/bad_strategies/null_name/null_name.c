/* SPDX-License-Identifier: MIT */
/* The descriptor has no name. */
#include "sound.h"

ENTRY(NULL, NULL, sound_create, NULL);
