/* SPDX-License-Identifier: MIT */
/* It exports a second symbol, which may meet one of the host or of another library. */
#include "sound.h"

extern TASKWORKER_EXPORT int compress_task(void);
int compress_task(void) { return 0; }

ENTRY("two_symbols", NULL, sound_create, NULL);
