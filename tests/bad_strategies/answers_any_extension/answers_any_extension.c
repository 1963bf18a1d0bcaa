/* SPDX-License-Identifier: MIT */
/* get_extension() of the entry does not look at what is asked for. */
#include <taskworker/ext/options.h>
#include <taskworker/ext/workload.h>
#include <string.h>

#include "sound.h"

static const taskworker_options options = {NULL, 0};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_WORKLOAD) == 0 ? NULL : &options;
}

ENTRY("answers_any_extension", NULL, sound_create, get_extension);
