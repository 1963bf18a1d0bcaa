/* SPDX-License-Identifier: MIT */
/* Host extension: ask which promise of strategy.h (7) holds for this call. */
#ifndef TASKWORKER_EXT_THREAD_CHECK_H
#define TASKWORKER_EXT_THREAD_CHECK_H

#include <taskworker/strategy.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TASKWORKER_EXT_THREAD_CHECK "taskworker.thread_check/1"

typedef struct taskworker_host_thread_check {
  /* True in a [control-thread] call. [thread-safe] */
  int32_t (*is_control_thread)(const taskworker_host *host);
  /* True in a [worker-thread] call of the index `worker`. [thread-safe] */
  int32_t (*is_worker_thread)(const taskworker_host *host, uint32_t worker);
  /* True in a [job-thread] call. [thread-safe] */
  int32_t (*is_job_thread)(const taskworker_host *host);
} taskworker_host_thread_check;

#ifdef __cplusplus
}
#endif

#endif /* TASKWORKER_EXT_THREAD_CHECK_H */
