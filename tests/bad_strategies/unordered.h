/* SPDX-License-Identifier: MIT */
/* A strategy with a workload whose result is two numbers in any order: of task i, i and i + 1. */
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

static inline int32_t is_same_pair(const taskworker_task *task, const taskworker_result *a,
                                   const taskworker_result *b) {
  (void)task;
  const int64_t *in_a = (const int64_t *)a->data;
  const int64_t *in_b = (const int64_t *)b->data;
  if (a->data_size != 2 * sizeof *in_a || b->data_size != 2 * sizeof *in_b) return 0;
  return (in_a[0] == in_b[0] && in_a[1] == in_b[1]) || (in_a[0] == in_b[1] && in_a[1] == in_b[0]);
}

static const char *const names[] = {"pair"};

#ifndef EQUAL
#define EQUAL is_same_pair
#endif
static const taskworker_workload unordered = {"unordered", names, 1, make_task, NULL, EQUAL};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_WORKLOAD) == 0 ? &unordered : NULL;
}

static inline taskworker_status give(const taskworker_task *task, taskworker_result *result,
                                     uint64_t first, uint64_t second) {
  int64_t *out = (int64_t *)result->data;
  if (task->operation != 0) return TASKWORKER_UNSUPPORTED;
  result->data_size = 2 * sizeof *out;
  if (result->data_capacity < result->data_size) return TASKWORKER_NO_CAPACITY;
  out[0] = (int64_t)first;
  out[1] = (int64_t)second;
  result->kind = TASKWORKER_ARRAY;
  return TASKWORKER_OK;
}
