/* SPDX-License-Identifier: MIT */
/* The name of an option is none that --strategy-opt could be given. */
#include <taskworker/ext/options.h>
#include <string.h>

#include "sound.h"

static const taskworker_option keep = {
    .name = "keep=all",
    .summary = "whether results are kept",
    .default_value = "true",
    .type = TASKWORKER_OPTION_FLAG,
};
static const taskworker_options options = {.options = &keep, .count = 1};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_OPTIONS) == 0 ? &options : NULL;
}

ENTRY("bad_option_name", NULL, sound_create, get_extension);
