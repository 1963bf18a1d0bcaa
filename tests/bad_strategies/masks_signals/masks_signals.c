/* SPDX-License-Identifier: MIT */
/* It blocks signals on the threads of the host. */
#include <pthread.h>
#include <signal.h>

#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("masks_signals", instance->process = process);
