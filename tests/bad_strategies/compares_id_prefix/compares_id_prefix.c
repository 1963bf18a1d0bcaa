/* SPDX-License-Identifier: MIT */
/* get_extension() of the entry takes a longer id for the one that it begins with. */
#include <taskworker/ext/options.h>
#include <string.h>

#include "sound.h"

static const taskworker_options options = {NULL, 0};

static const void *get_extension(const char *id) {
  const size_t size = strlen(TASKWORKER_EXT_OPTIONS);
  return strncmp(id, TASKWORKER_EXT_OPTIONS, size) == 0 ? &options : NULL;
}

ENTRY("compares_id_prefix", NULL, sound_create, get_extension);
