/* SPDX-License-Identifier: MIT */
/* Two operations have one name. */
#include "doubles.h"

static const char *const same_names[] = {"double", "double"};
static const taskworker_workload workload = {
    .name = "doubles",
    .operation_names = same_names,
    .operation_count = 2,
    .make_task = make_number,
    .check = check_double,
    .equal = NULL,
};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_WORKLOAD) == 0 ? &workload : NULL;
}

SOUND_BUT_WITH(get_extension, "duplicate_operations", instance->process = double_number);
