/* SPDX-License-Identifier: MIT */
/* Two options have one name. */
#include <taskworker/ext/options.h>
#include <string.h>

#include "sound.h"

static const taskworker_option both[] = {
    {.name = "keep",
     .summary = "how many results are kept",
     .default_value = "",
     .type = TASKWORKER_OPTION_TEXT},
    {.name = "keep",
     .summary = "how long they are kept, in ms",
     .default_value = "",
     .type = TASKWORKER_OPTION_TEXT},
};
static const taskworker_options options = {.options = both, .count = 2};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_OPTIONS) == 0 ? &options : NULL;
}

ENTRY("duplicate_options", NULL, sound_create, get_extension);
