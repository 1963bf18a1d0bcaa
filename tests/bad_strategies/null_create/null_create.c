/* SPDX-License-Identifier: MIT */
/* The entry has no create(). */
#include "sound.h"

ENTRY("null_create", NULL, NULL, NULL);
