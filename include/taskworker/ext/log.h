/* SPDX-License-Identifier: MIT */
/* Host extension: say something to the person who runs the host. */
#ifndef TASKWORKER_EXT_LOG_H
#define TASKWORKER_EXT_LOG_H

#include <taskworker/strategy.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TASKWORKER_EXT_LOG "taskworker.log/1"

/* How much a message matters. The enumerators are values of this type. */
typedef int32_t taskworker_log_severity;
enum {
  TASKWORKER_LOG_DEBUG = 0, /* shown only when asked for */
  TASKWORKER_LOG_INFO = 1,
  TASKWORKER_LOG_WARNING = 2, /* the work goes on, a person should know */
  TASKWORKER_LOG_ERROR = 3,   /* the reason of a failure that is returned */
  /* The other side broke a rule of this interface. */
  TASKWORKER_LOG_HOST_MISBEHAVING = 4,
  TASKWORKER_LOG_STRATEGY_MISBEHAVING = 5
};

typedef struct taskworker_host_log {
  /* Writes one message. The strategy owns `message`, until the call returns.
   * A message from process() costs a lock and a write: not for every task.
   * [thread-safe] */
  void (*log)(const taskworker_host *host, taskworker_log_severity severity, const char *message);
} taskworker_host_log;

#ifdef __cplusplus
}
#endif

#endif /* TASKWORKER_EXT_LOG_H */
