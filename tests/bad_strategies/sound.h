/* SPDX-License-Identifier: MIT */
/* A strategy without a defect, to make one of: each module here replaces the one part that
 * its name tells of. One instance lives at a time. */
#pragma once

#include <taskworker/strategy.h>

#ifdef __cplusplus
#pragma GCC diagnostic ignored "-Wold-style-cast" /* this is C as well, and has no other */
#endif
#include <stddef.h>
#include <stdint.h>

static inline taskworker_status sound_init(taskworker_instance *instance) {
  (void)instance;
  return TASKWORKER_OK;
}

static inline taskworker_status sound_start(taskworker_instance *instance, uint32_t workers) {
  (void)instance;
  (void)workers;
  return TASKWORKER_OK;
}

/* Right for all four operations. */
static inline taskworker_status sound_process(taskworker_instance *instance, uint32_t worker,
                                              const taskworker_task *task,
                                              taskworker_result *result) {
  (void)instance;
  (void)worker;
  const int64_t *in = (const int64_t *)task->payload;
  int64_t *out = (int64_t *)result->data;
  uint64_t kept = 0;
  uint64_t scalar = task->operation == TASKWORKER_MULTIPLY ? 1 : 0;
  for (uint64_t i = 0; i < task->payload_size / sizeof *in; ++i) {
    const uint64_t value = (uint64_t)in[i];
    if (task->operation == TASKWORKER_SUM) scalar += value;
    if (task->operation == TASKWORKER_MULTIPLY) scalar *= value;
    if (task->operation == TASKWORKER_SQUARE) out[kept++] = (int64_t)(value * value);
    if (task->operation == TASKWORKER_FILTER && value % 2 == 0) out[kept++] = in[i];
  }
  result->scalar = (int64_t)scalar;
  result->data_size = kept * sizeof *out;
  result->kind = task->operation >= TASKWORKER_SQUARE ? TASKWORKER_ARRAY : TASKWORKER_SCALAR;
  return TASKWORKER_OK;
}

static inline void sound_stop(taskworker_instance *instance) { (void)instance; }

static inline void sound_destroy(taskworker_instance *instance) { (void)instance; }

static taskworker_instance the_instance = {
    NULL, sound_init, sound_start, sound_process, sound_stop, sound_destroy, NULL,
};

static inline taskworker_instance *sound_create(const taskworker_host *host,
                                                const taskworker_config *config) {
  (void)host;
  (void)config;
  return &the_instance;
}
