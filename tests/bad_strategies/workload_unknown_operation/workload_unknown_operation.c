/* SPDX-License-Identifier: MIT */
/* It makes a task of an operation that it did not name. */
#include "doubles.h"

static taskworker_status make_second(uint64_t id, uint64_t data_size, void *buffer,
                                     uint64_t capacity, uint64_t *payload_size,
                                     taskworker_operation *operation) {
  const taskworker_status status =
      make_number(id, data_size, buffer, capacity, payload_size, operation);
  *operation = 1;
  return status;
}
static const taskworker_workload workload = {
    .name = "doubles",
    .operation_names = names,
    .operation_count = 1,
    .make_task = make_second,
    .check = check_double,
    .equal = NULL,
};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_WORKLOAD) == 0 ? &workload : NULL;
}

SOUND_BUT_WITH(get_extension, "workload_unknown_operation", instance->process = double_number);
