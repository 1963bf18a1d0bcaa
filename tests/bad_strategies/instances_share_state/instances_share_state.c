/* SPDX-License-Identifier: MIT */
/* What one instance counts, another one takes for its own. */
#include "sound.h"

static uint64_t instances;

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config);

static void destroy(taskworker_instance *instance) {
  --instances;
  sound_destroy(instance);
}

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  const taskworker_status status = sound_process(instance, worker, task, result);
  if (instances > 1 && result->kind == TASKWORKER_SCALAR) ++result->scalar;
  return status;
}

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  taskworker_instance *instance = sound_create(host, config);
  if (instance == NULL) return NULL;
  ++instances;
  instance->process = process;
  instance->destroy = destroy;
  return instance;
}

ENTRY("instances_share_state", NULL, create, NULL);
