/* SPDX-License-Identifier: MIT */
/* A value that the declaration allows is too much for create(). */
#include <taskworker/ext/options.h>
#include <string.h>

#include "sound.h"

static const taskworker_option keep = {
    .name = "keep",
    .summary = "how many results are kept",
    .default_value = "10",
    .minimum = 1,
    .maximum = 100,
    .type = TASKWORKER_OPTION_INTEGER,
};
static const taskworker_options options = {.options = &keep, .count = 1};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_OPTIONS) == 0 ? &options : NULL;
}

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  if (strcmp(config->options[0].value, "100") == 0) abort();
  return sound_create(host, config);
}

ENTRY("crashes_at_option_maximum", NULL, create, get_extension);
