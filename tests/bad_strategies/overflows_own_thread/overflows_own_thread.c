/* SPDX-License-Identifier: MIT */
/* A thread of the strategy's own calls itself until its stack ends. */
#include <pthread.h>
#include <sys/prctl.h>

#include "sound.h"

static pthread_t helper;

static __attribute__((noinline)) int64_t descend(int64_t depth) {
  volatile int64_t frame[64] = {depth};
  const int64_t below = depth > 0 ? descend(depth + 1) : 0;
  return below + frame[0];
}

static void *help(void *unused) {
  (void)unused;
  prctl(PR_SET_NAME, "helper");
  return (void *)(intptr_t)descend(1);
}

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  if (pthread_create(&helper, NULL, help, NULL) != 0) return TASKWORKER_FAILED;
  return sound_start(instance, workers);
}

static void stop(taskworker_instance *instance) {
  pthread_join(helper, NULL);
  sound_stop(instance);
}

SOUND_BUT("overflows_own_thread", instance->start = start, instance->stop = stop);
