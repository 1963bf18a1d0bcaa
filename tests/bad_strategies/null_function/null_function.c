/* SPDX-License-Identifier: MIT */
/* The instance lacks a function that is mandatory. */
#include "sound.h"

SOUND_BUT("null_function", instance->process = NULL);
