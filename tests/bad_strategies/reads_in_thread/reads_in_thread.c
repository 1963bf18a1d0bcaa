/* SPDX-License-Identifier: MIT */
/* A thread that is still there after stop() holds the lock of a stream for good: it reads one
 * that nobody writes to. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "sound.h"

static void *read_for_ever(void *stream) { return fgetc((FILE *)stream) == EOF ? NULL : stream; }

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  (void)instance;
  (void)workers;
  int ends[2];
  if (pipe(ends) != 0) return TASKWORKER_FAILED;
  FILE *stream = fdopen(ends[0], "r");
  pthread_t thread;
  if (stream == NULL || pthread_create(&thread, NULL, read_for_ever, stream) != 0) {
    return TASKWORKER_FAILED;
  }
  return pthread_detach(thread) == 0 ? TASKWORKER_OK : TASKWORKER_FAILED;
}

SOUND_BUT("reads_in_thread", instance->start = start);
