/* SPDX-License-Identifier: MIT */
/* Made for another 0.x: before 1.0 each minor number may change everything. */
#include "sound.h"

const taskworker_entry taskworker_strategy_entry = {
    .abi = {.major = TASKWORKER_ABI_MAJOR, .minor = TASKWORKER_ABI_MINOR + 6},
    .descriptor = {.name = (const char *)1, .version = (const char *)1},
};
