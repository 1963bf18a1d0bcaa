/* SPDX-License-Identifier: MIT */
/* It puts a handler of its own in place of the one of the host. */
#include <signal.h>

#include "sound.h"

static void ignore(int signal) { (void)signal; }

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  struct sigaction action = {.sa_handler = ignore};
  if (sigaction(SIGSEGV, &action, NULL) != 0) return TASKWORKER_FAILED;
  return sound_start(instance, workers);
}

SOUND_BUT("replaces_handler", instance->start = start);
