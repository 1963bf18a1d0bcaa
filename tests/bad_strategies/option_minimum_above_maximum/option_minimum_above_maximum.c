/* SPDX-License-Identifier: MIT */
/* No value of an option is allowed. */
#include <taskworker/ext/options.h>
#include <string.h>

#include "sound.h"

static const taskworker_option keep = {
    .name = "keep",
    .summary = "how many results are kept",
    .default_value = "10",
    .minimum = 100,
    .maximum = 1,
    .type = TASKWORKER_OPTION_INTEGER,
};
static const taskworker_options options = {.options = &keep, .count = 1};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_OPTIONS) == 0 ? &options : NULL;
}

ENTRY("option_minimum_above_maximum", NULL, sound_create, get_extension);
