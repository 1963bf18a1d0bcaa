/* SPDX-License-Identifier: MIT */
/* A strategy with a workload that nobody checks: the result of a task is its id. */
#pragma once

#include <taskworker/ext/workload.h>
#include <string.h>

#include "sound.h"

static taskworker_status make_task(uint64_t id, uint64_t data_size, void *buffer, uint64_t capacity,
                                   uint64_t *payload_size, taskworker_operation *operation) {
  (void)id;
  (void)data_size;
  (void)buffer;
  (void)capacity;
  *payload_size = 0;
  *operation = 0;
  return TASKWORKER_OK;
}

static const char *const names[] = {"number"};

static const taskworker_workload unchecked = {"unchecked", names, 1, make_task, NULL, NULL};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_WORKLOAD) == 0 ? &unchecked : NULL;
}

static inline taskworker_status unchecked_process(taskworker_instance *instance, uint32_t worker,
                                                  const taskworker_task *task,
                                                  taskworker_result *result) {
  (void)instance;
  (void)worker;
  if (task->operation != 0) return TASKWORKER_UNSUPPORTED;
  result->scalar = (int64_t)task->id;
  return TASKWORKER_OK;
}
