/* SPDX-License-Identifier: MIT */
/* create() makes no instance. */
#include "sound.h"

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  return NULL;
}

ENTRY("create_null", NULL, create, NULL);
