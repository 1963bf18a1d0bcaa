/* SPDX-License-Identifier: MIT */
/*
 * Host extension: jobs, work that the host repeats until it is cancelled.
 *
 * The host runs the callbacks of one instance one at a time on a thread of its
 * own. It records the stack that started each job, its age and its last run;
 * jobs that are alive after stop() are reported as leaked, then cancelled, and
 * all have been released before destroy() is called.
 */
#ifndef TASKWORKER_EXT_JOBS_H
#define TASKWORKER_EXT_JOBS_H

#include <taskworker/strategy.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TASKWORKER_EXT_JOBS "taskworker.jobs/1"

/* Names a job for as long as the instance lives; 0 is never a job. */
typedef uint64_t taskworker_job_id;

/* What a job does, every period. [job-thread] */
typedef void (*taskworker_job_callback)(void *context);

/* Ends a job's context. Called exactly once for every job that start()
 * accepted, when no callback can follow. [job-thread] */
typedef void (*taskworker_job_release)(void *context);

typedef struct taskworker_host_jobs {
  /* Starts a job: `callback(context)` runs every `period_ns` nanoseconds, the
   * first time after one period. A period under 1 ms counts as 1 ms; a run that
   * comes late is not made up for. Returns 0 when the job cannot be had (no
   * memory, or the instance is being destroyed); then nothing is kept and
   * `release` is not called. The strategy owns `context`, until `release`.
   * `release` may be null. [thread-safe, state: idle or running] */
  taskworker_job_id (*start)(const taskworker_host *host, uint64_t period_ns,
                             taskworker_job_callback callback, void *context,
                             taskworker_job_release release);

  /* Asks for the end of a job and returns at once: a callback that runs now may
   * go on, none begins later, then `release` is called. An id that is unknown or
   * already cancelled is ignored. May be called from the job's own callback.
   * [thread-safe, state: idle or running] */
  void (*cancel)(const taskworker_host *host, taskworker_job_id job);
} taskworker_host_jobs;

#ifdef __cplusplus
}
#endif

#endif /* TASKWORKER_EXT_JOBS_H */
