/* SPDX-License-Identifier: MIT */
/*
 * Extension of the entry: a workload of the strategy's own.
 *
 * With it the host serves code that has nothing to do with the built-in
 * operations: the strategy makes the tasks, names the operations, and says
 * whether a result is right. Two strategies can be compared when they bring
 * workloads of one `name`.
 */
#ifndef TASKWORKER_EXT_WORKLOAD_H
#define TASKWORKER_EXT_WORKLOAD_H

#include <taskworker/strategy.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TASKWORKER_EXT_WORKLOAD "taskworker.workload/1"

/* More operations than this are refused: each is a label value in metrics. */
#define TASKWORKER_MAX_OPERATIONS 16u

/* Static data of the strategy. */
typedef struct taskworker_workload {
  const char *name;                   /* of the workload, not of the strategy */
  const char *const *operation_names; /* operation_count of them: letters, digits,
                                         '_', '-'; all different */
  uint64_t operation_count;           /* 1 .. TASKWORKER_MAX_OPERATIONS */

  /* Makes the payload of task `id` in `buffer` and sets its size and operation.
   * `data_size` is the user's --data-size. The same arguments make the same
   * task. `buffer` belongs to the host and is aligned to 64 bytes. When `capacity`
   * (bytes) is too small: sets *payload_size to what is needed, returns
   * TASKWORKER_NO_CAPACITY, and is called once more.
   * [thread-safe] */
  taskworker_status (*make_task)(uint64_t id, uint64_t data_size, void *buffer, uint64_t capacity,
                                 uint64_t *payload_size, taskworker_operation *operation);

  /* True when `result` is a right answer to `task`. May be null: then no result
   * is checked. [thread-safe] */
  int32_t (*check)(const taskworker_task *task, const taskworker_result *result);

  /* True when two results of `task` count as the same. One may be of another
   * process: its data is aligned as any, its info is empty. May be null: then
   * kind, and scalar or data, must be equal. [thread-safe] */
  int32_t (*equal)(const taskworker_task *task, const taskworker_result *a,
                   const taskworker_result *b);
} taskworker_workload;

#ifdef __cplusplus
}
#endif

#endif /* TASKWORKER_EXT_WORKLOAD_H */
