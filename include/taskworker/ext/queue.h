/* SPDX-License-Identifier: MIT */
/* Extension of the instance: a say in the length of the host's queues. */
#ifndef TASKWORKER_EXT_QUEUE_H
#define TASKWORKER_EXT_QUEUE_H

#include <taskworker/strategy.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TASKWORKER_EXT_QUEUE "taskworker.queue/1"

typedef struct taskworker_queue {
  /* How many tasks may wait for each worker: 1 or more; 0 leaves it to the
   * host. The task source waits while all queues are full. Asked once, after
   * init(). [control-thread, state: idle] */
  uint32_t (*wanted_capacity)(taskworker_instance *instance);
} taskworker_queue;

#ifdef __cplusplus
}
#endif

#endif /* TASKWORKER_EXT_QUEUE_H */
