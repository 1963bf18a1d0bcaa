/* SPDX-License-Identifier: MIT */
/* Prints when its first task is done: CLOCK_MONOTONIC in nanoseconds, on standard output. */
#define _POSIX_C_SOURCE 200809L /* for clock_gettime() */
#include <taskworker/strategy.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

static atomic_flag has_told = ATOMIC_FLAG_INIT;

static taskworker_status nothing_to_do(taskworker_instance *instance) {
  (void)instance;
  return TASKWORKER_OK;
}

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  (void)instance;
  (void)workers;
  return TASKWORKER_OK;
}

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance;
  (void)worker;
  (void)task;
  (void)result;
  if (atomic_flag_test_and_set(&has_told)) return TASKWORKER_OK;
  struct timespec now;
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) return TASKWORKER_FAILED;
  printf("%" PRId64 "\n", (int64_t)now.tv_sec * 1000000000 + now.tv_nsec);
  return TASKWORKER_OK;
}

static void nothing_left(taskworker_instance *instance) { (void)instance; }

static taskworker_instance the_instance = {
    .init = nothing_to_do,
    .start = start,
    .process = process,
    .stop = nothing_left,
    .destroy = nothing_left,
};

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  return &the_instance;
}

TASKWORKER_EXPORT const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "first_task",
                   .version = "1.0.0",
                   .summary = "Tells when its first task is done"},
    .create = create,
};
