/* SPDX-License-Identifier: MIT */
/* An option's default is a value that the option itself does not allow. */
#include <taskworker/ext/options.h>
#include <string.h>

#include "sound.h"

static const taskworker_option keep = {
    .name = "keep",
    .summary = "how many results are kept",
    .default_value = "0",
    .minimum = 1,
    .maximum = 100,
    .type = TASKWORKER_OPTION_INTEGER,
};
static const taskworker_options options = {.options = &keep, .count = 1};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_OPTIONS) == 0 ? &options : NULL;
}

ENTRY("bad_option_default", NULL, sound_create, get_extension);
