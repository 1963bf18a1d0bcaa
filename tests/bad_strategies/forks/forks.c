/* SPDX-License-Identifier: MIT */
/* It has no defect either: task 3 asks a process of its own, which exits and is waited for. */
#include <sys/wait.h>
#include <unistd.h>

#include "sound.h"

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  if (task->id == 3) {
    const pid_t child = fork();
    if (child == 0) exit(0);
    if (child < 0 || waitpid(child, NULL, 0) != child) return TASKWORKER_FAILED;
  }
  return sound_process(instance, worker, task, result);
}

SOUND_BUT("forks", instance->process = process);
