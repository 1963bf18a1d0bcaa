/* SPDX-License-Identifier: MIT */
/* The workload has one operation more than the interface allows. */
#include <taskworker/ext/workload.h>
#include <string.h>

#include "sound.h"

static const char *const names[] = {
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q",
};
_Static_assert(sizeof names / sizeof *names == TASKWORKER_MAX_OPERATIONS + 1, "one too many");

static taskworker_status make_task(uint64_t id, uint64_t data_size, void *buffer, uint64_t capacity,
                                   uint64_t *payload_size, taskworker_operation *operation) {
  (void)data_size;
  (void)buffer;
  (void)capacity;
  *payload_size = 0;
  *operation = (taskworker_operation)(id % (sizeof names / sizeof *names));
  return TASKWORKER_OK;
}

static const taskworker_workload workload = {
    .name = "letters",
    .operation_names = names,
    .operation_count = sizeof names / sizeof *names,
    .make_task = make_task,
};

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_WORKLOAD) == 0 ? &workload : NULL;
}

ENTRY("too_many_operations", NULL, sound_create, get_extension);
