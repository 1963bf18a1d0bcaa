/* SPDX-License-Identifier: MIT */
/* A text of the descriptor is Latin-1. */
#include "sound.h"

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "summary_not_utf8", .version = "1.0.0", .summary = "Adds caf\xe9s."},
    .create = sound_create,
};
