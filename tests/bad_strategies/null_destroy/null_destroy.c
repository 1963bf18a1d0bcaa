/* SPDX-License-Identifier: MIT */
/* The instance cannot be freed. */
#include "sound.h"

SOUND_BUT("null_destroy", instance->destroy = NULL);
