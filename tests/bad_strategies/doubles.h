/* SPDX-License-Identifier: MIT */
/* A workload without a defect, to make one of: the task is a number, its result is twice that. */
#pragma once

#include <taskworker/ext/workload.h>

#include "sound.h"

#include <string.h>

static const char *const names[] = {"double"};

static inline taskworker_status make_number(uint64_t id, uint64_t data_size, void *buffer,
                                            uint64_t capacity, uint64_t *payload_size,
                                            taskworker_operation *operation) {
  (void)data_size;
  *payload_size = sizeof id;
  *operation = 0;
  if (capacity < sizeof id) return TASKWORKER_NO_CAPACITY;
  memcpy(buffer, &id, sizeof id);
  return TASKWORKER_OK;
}

static inline uint64_t number_of(const taskworker_task *task) {
  return *(const uint64_t *)task->payload;
}

static inline int32_t check_double(const taskworker_task *task, const taskworker_result *result) {
  return (uint64_t)result->scalar == 2 * number_of(task);
}

static inline taskworker_status double_number(taskworker_instance *instance, uint32_t worker,
                                              const taskworker_task *task,
                                              taskworker_result *result) {
  (void)instance;
  (void)worker;
  if (task->operation != 0 || task->payload_size != sizeof(uint64_t)) return TASKWORKER_UNSUPPORTED;
  result->scalar = (int64_t)(2 * number_of(task));
  return TASKWORKER_OK;
}
