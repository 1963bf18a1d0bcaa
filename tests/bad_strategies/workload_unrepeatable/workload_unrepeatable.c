/* SPDX-License-Identifier: MIT */
/* A task is another one each time that it is made. */
#include "doubles.h"

static uint64_t made;

static taskworker_status make_changing(uint64_t id, uint64_t data_size, void *buffer,
                                       uint64_t capacity, uint64_t *payload_size,
                                       taskworker_operation *operation) {
  const uint64_t number = id + __atomic_fetch_add(&made, 1, __ATOMIC_RELAXED);
  return make_number(number, data_size, buffer, capacity, payload_size, operation);
}
static const taskworker_workload workload = {
    .name = "doubles",
    .operation_names = names,
    .operation_count = 1,
    .make_task = make_changing,
    .check = check_double,
    .equal = NULL,
};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_WORKLOAD) == 0 ? &workload : NULL;
}

SOUND_BUT_WITH(get_extension, "workload_unrepeatable", instance->process = double_number);
