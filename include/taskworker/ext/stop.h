/* SPDX-License-Identifier: MIT */
/* Host extension: learn that the run is being stopped. */
#ifndef TASKWORKER_EXT_STOP_H
#define TASKWORKER_EXT_STOP_H

#include <taskworker/strategy.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TASKWORKER_EXT_STOP "taskworker.stop/1"

typedef struct taskworker_host_stop {
  /* True from the moment at which the host stops taking new tasks because of a
   * signal or the end of --duration. A long process() looks at it now and then
   * and returns TASKWORKER_CANCELLED; it has the host's --grace to do so. Costs
   * one load. [thread-safe] */
  int32_t (*is_stopping)(const taskworker_host *host);
} taskworker_host_stop;

#ifdef __cplusplus
}
#endif

#endif /* TASKWORKER_EXT_STOP_H */
