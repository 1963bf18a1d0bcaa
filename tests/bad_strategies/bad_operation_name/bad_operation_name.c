/* SPDX-License-Identifier: MIT */
/* The name of an operation could be no label value. */
#include "doubles.h"

static const char *const bad_names[] = {"double it"};
static const taskworker_workload workload = {
    .name = "doubles",
    .operation_names = bad_names,
    .operation_count = 1,
    .make_task = make_number,
    .check = check_double,
    .equal = NULL,
};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_WORKLOAD) == 0 ? &workload : NULL;
}

SOUND_BUT_WITH(get_extension, "bad_operation_name", instance->process = double_number);
