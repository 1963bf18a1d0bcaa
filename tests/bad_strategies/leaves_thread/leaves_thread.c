/* SPDX-License-Identifier: MIT */
/* A thread is still there after stop(), and nothing can end it. */
#include <pthread.h>
#include <unistd.h>

#include "sound.h"

static void *sleep_for_ever(void *unused) {
  (void)unused;
  while (pause() != 0) {
  }
  return NULL;
}

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  (void)instance;
  (void)workers;
  pthread_t thread;
  if (pthread_create(&thread, NULL, sleep_for_ever, NULL) != 0) return TASKWORKER_FAILED;
  return pthread_detach(thread) == 0 ? TASKWORKER_OK : TASKWORKER_FAILED;
}

SOUND_BUT("leaves_thread", instance->start = start);
