/* SPDX-License-Identifier: MIT */
/* A shared library, and no strategy: the entry goes by another name. */
#include "sound.h"

extern TASKWORKER_EXPORT const taskworker_entry strategy_entry;
const taskworker_entry strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "no_symbol", .version = "1.0.0", .summary = "Has no entry."},
    .create = sound_create,
};
