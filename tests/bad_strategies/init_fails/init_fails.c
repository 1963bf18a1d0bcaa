/* SPDX-License-Identifier: MIT */
/* The entry's init() fails: no further call may follow, not even deinit(). */
#include <stdlib.h>

#include "sound.h"

static taskworker_status init(const char *path) {
  (void)path;
  return TASKWORKER_FAILED;
}

static void deinit(void) { abort(); }

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "init_fails", .version = "1.0.0", .summary = "Fails when opened."},
    .init = init,
    .deinit = deinit,
    .create = sound_create,
};
