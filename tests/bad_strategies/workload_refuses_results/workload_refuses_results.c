/* SPDX-License-Identifier: MIT */
/* Its check finds its own results wrong. */
#include "doubles.h"

static int32_t check_triple(const taskworker_task *task, const taskworker_result *result) {
  return (uint64_t)result->scalar == 3 * number_of(task);
}
static const taskworker_workload workload = {
    .name = "doubles",
    .operation_names = names,
    .operation_count = 1,
    .make_task = make_number,
    .check = check_triple,
    .equal = NULL,
};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_WORKLOAD) == 0 ? &workload : NULL;
}

SOUND_BUT_WITH(get_extension, "workload_refuses_results", instance->process = double_number);
