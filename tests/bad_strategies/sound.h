/* SPDX-License-Identifier: MIT */
/* A strategy without a defect, to make one of: each module here replaces the one part that
 * its name tells of, and ends with
 *
 *   SOUND_BUT("its_name", instance->process = process);
 */
#pragma once

#include <taskworker/strategy.h>

#ifdef __cplusplus
#pragma GCC diagnostic ignored "-Wold-style-cast" /* this is C as well, and has no other */
#endif
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

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
  if (task->operation > TASKWORKER_FILTER) return TASKWORKER_UNSUPPORTED;
  if (task->operation >= TASKWORKER_SQUARE && result->data_capacity < task->payload_size) {
    result->data_size = task->payload_size;
    return TASKWORKER_NO_CAPACITY;
  }
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

static inline void sound_destroy(taskworker_instance *instance) { free(instance); }

static inline taskworker_instance *sound_create(const taskworker_host *host,
                                                const taskworker_config *config) {
  (void)config;
  taskworker_instance *instance = (taskworker_instance *)malloc(sizeof *instance);
  if (instance == NULL) return NULL;
  instance->strategy_data = (void *)(uintptr_t)host;
  instance->init = sound_init;
  instance->start = sound_start;
  instance->process = sound_process;
  instance->stop = sound_stop;
  instance->destroy = sound_destroy;
  instance->get_extension = NULL;
  return instance;
}

/* The host that a sound instance was made for. */
static inline const taskworker_host *host_of(const taskworker_instance *instance) {
  return (const taskworker_host *)instance->strategy_data;
}

static inline const void *ask_host(const taskworker_instance *instance, const char *id) {
  const taskworker_host *host = host_of(instance);
  return host->get_extension(host, id);
}

/* The entry of a strategy, with one summary for all. */
#define ENTRY(name, init, create, get_extension)                              \
  const taskworker_entry taskworker_strategy_entry = {                        \
      TASKWORKER_ABI_VERSION,                                                 \
      {name, "1.0.0", "Has the defect that its name tells of.", NULL, "MIT"}, \
      init,                                                                   \
      NULL,                                                                   \
      create,                                                                 \
      get_extension,                                                          \
  }

/* The same, where instances are sound but for what the assignments after it change, as in
 * `instance->start = start, instance->process = process`. */
#define SOUND_BUT_WITH(get_extension, name, ...)                        \
  static taskworker_instance *create(const taskworker_host *host,       \
                                     const taskworker_config *config) { \
    taskworker_instance *instance = sound_create(host, config);         \
    if (instance != NULL) __VA_ARGS__;                                  \
    return instance;                                                    \
  }                                                                     \
  ENTRY(name, NULL, create, get_extension)

#define SOUND_BUT(name, ...) SOUND_BUT_WITH(NULL, name, __VA_ARGS__)
