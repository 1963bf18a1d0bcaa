/* SPDX-License-Identifier: MIT */
/* The workload names no operation. */
#include "doubles.h"

static const taskworker_workload workload = {
    .name = "doubles",
    .operation_names = names,
    .operation_count = 0,
    .make_task = make_number,
    .check = check_double,
    .equal = NULL,
};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_WORKLOAD) == 0 ? &workload : NULL;
}

SOUND_BUT_WITH(get_extension, "no_operations", instance->process = double_number);
