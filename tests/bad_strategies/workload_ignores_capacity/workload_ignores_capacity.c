/* SPDX-License-Identifier: MIT */
/* It writes the payload of a task, whatever room there is. */
#include "doubles.h"

static taskworker_status make_anyway(uint64_t id, uint64_t data_size, void *buffer,
                                     uint64_t capacity, uint64_t *payload_size,
                                     taskworker_operation *operation) {
  (void)capacity;
  return make_number(id, data_size, buffer, UINT64_MAX, payload_size, operation);
}
static const taskworker_workload workload = {
    .name = "doubles",
    .operation_names = names,
    .operation_count = 1,
    .make_task = make_anyway,
    .check = check_double,
    .equal = NULL,
};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_WORKLOAD) == 0 ? &workload : NULL;
}

SOUND_BUT_WITH(get_extension, "workload_ignores_capacity", instance->process = double_number);
