/* SPDX-License-Identifier: MIT */
/* create() calls the host, which is not to be called before init(). */
#include <taskworker/ext/log.h>

#include "sound.h"

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  if (host->get_extension(host, TASKWORKER_EXT_LOG) == NULL) return NULL;
  return sound_create(host, config);
}

ENTRY("calls_host_in_create", NULL, create, NULL);
