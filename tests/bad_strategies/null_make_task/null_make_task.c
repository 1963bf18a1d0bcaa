/* SPDX-License-Identifier: MIT */
/* The workload makes no tasks. */
#include "doubles.h"

static const taskworker_workload workload = {
    .name = "doubles",
    .operation_names = names,
    .operation_count = 1,
    .make_task = NULL,
    .check = check_double,
    .equal = NULL,
};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_WORKLOAD) == 0 ? &workload : NULL;
}

SOUND_BUT_WITH(get_extension, "null_make_task", instance->process = double_number);
