/* SPDX-License-Identifier: MIT */
/* An option is one of choices that are not there. */
#include <taskworker/ext/options.h>
#include <string.h>

#include "sound.h"

static const taskworker_option order = {
    .name = "order",
    .summary = "how results are kept",
    .default_value = "oldest",
    .type = TASKWORKER_OPTION_CHOICE,
};
static const taskworker_options options = {.options = &order, .count = 1};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_OPTIONS) == 0 ? &options : NULL;
}

ENTRY("option_without_choices", NULL, sound_create, get_extension);
