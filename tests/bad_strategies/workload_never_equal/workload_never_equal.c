/* SPDX-License-Identifier: MIT */
/* A result does not equal itself. */
#include "doubles.h"

static int32_t never(const taskworker_task *task, const taskworker_result *a,
                     const taskworker_result *b) {
  (void)task;
  (void)a;
  (void)b;
  return 0;
}
static const taskworker_workload workload = {
    .name = "doubles",
    .operation_names = names,
    .operation_count = 1,
    .make_task = make_number,
    .check = check_double,
    .equal = never,
};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_WORKLOAD) == 0 ? &workload : NULL;
}

SOUND_BUT_WITH(get_extension, "workload_never_equal", instance->process = double_number);
