/* SPDX-License-Identifier: MIT */
/*
 * A strategy in C: the four built-in operations. Copy it, change do_work(), and build it
 * in the root of taskworker by
 *
 *   cc -O2 -g -shared -fPIC -Iinclude mine.c -o strategies/mine.so
 *
 * What may be called when, and by which thread: include/taskworker/strategy.h.
 */
#include <taskworker/ext/jobs.h>
#include <taskworker/ext/log.h>
#include <taskworker/strategy.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The state of one worker. Only its own process() writes here, so a plain store does and
 * there is no lock; 64 bytes, a cache line, so that workers do not slow each other down. */
struct worker {
  _Alignas(64) _Atomic uint64_t processed;
};

struct strategy {
  taskworker_instance instance; /* what the host holds */
  const taskworker_host *host;
  const taskworker_host_log *log;   /* null where the host has none */
  const taskworker_host_jobs *jobs; /* null where the host has none */
  taskworker_job_id watch;
  uint32_t worker_count;
  struct worker workers[];
};

static struct strategy *of(taskworker_instance *instance) { return instance->strategy_data; }

static void say(const struct strategy *self, taskworker_log_severity severity, const char *text) {
  if (self->log != NULL) self->log->log(self->host, severity, text);
}

/* A job: the host runs it every second, beside process(), until it is cancelled. It may
 * still run while stop() does, so what it reads must live until destroy(). */
static void watch(void *context) {
  const struct strategy *self = context;
  uint64_t processed = 0;
  for (uint32_t i = 0; i < self->worker_count; ++i) {
    processed += atomic_load_explicit(&self->workers[i].processed, memory_order_relaxed);
  }
  char text[64];
  snprintf(text, sizeof text, "%" PRIu64 " tasks so far", processed);
  say(self, TASKWORKER_LOG_DEBUG, text);
}

/* ---- The work: put yours here. It runs once for each task. ---- */
static taskworker_status do_work(const taskworker_task *task, taskworker_result *result) {
  const int64_t *in = task->payload;
  const uint64_t count = task->payload_size / sizeof *in;
  int64_t *out = result->data; /* room for the whole payload, see strategy.h */
  uint64_t kept = 0;
  uint64_t scalar = task->operation == TASKWORKER_MULTIPLY; /* unsigned: wraps */

  switch (task->operation) {
    case TASKWORKER_SUM:
      for (uint64_t i = 0; i < count; ++i) scalar += (uint64_t)in[i];
      break;
    case TASKWORKER_MULTIPLY:
      for (uint64_t i = 0; i < count; ++i) scalar *= (uint64_t)in[i];
      break;
    case TASKWORKER_SQUARE:
      for (uint64_t i = 0; i < count; ++i)
        out[kept++] = (int64_t)((uint64_t)in[i] * (uint64_t)in[i]);
      break;
    case TASKWORKER_FILTER:
      for (uint64_t i = 0; i < count; ++i)
        if (in[i] % 2 == 0) out[kept++] = in[i];
      break;
    default:
      return TASKWORKER_UNSUPPORTED;
  }
  result->scalar = (int64_t)scalar;
  result->data_size = kept * sizeof *out;
  result->kind = task->operation >= TASKWORKER_SQUARE ? TASKWORKER_ARRAY : TASKWORKER_SCALAR;
  return TASKWORKER_OK;
}

/* Calls with different `index` run at once. Allocate nothing here: create() and start()
 * have time for it. */
static taskworker_status process(taskworker_instance *instance, uint32_t index,
                                 const taskworker_task *task, taskworker_result *result) {
  struct strategy *self = of(instance);
  if (task->payload_size % sizeof(int64_t) != 0) {
    say(self, TASKWORKER_LOG_ERROR, "the payload is not made of 64-bit integers");
    return TASKWORKER_FAILED;
  }
  if (task->operation >= TASKWORKER_SQUARE && result->data_capacity < task->payload_size) {
    result->data_size = task->payload_size; /* what would do: the host calls again */
    return TASKWORKER_NO_CAPACITY;
  }
  const taskworker_status status = do_work(task, result);
  if (status != TASKWORKER_OK) return status;

  _Atomic uint64_t *own = &self->workers[index].processed;
  const uint64_t processed = atomic_load_explicit(own, memory_order_relaxed) + 1;
  atomic_store_explicit(own, processed, memory_order_relaxed);
  result->info_size = (uint64_t)snprintf(result->info, result->info_capacity,
                                         "Task %" PRIu64 " of worker %" PRIu32, processed, index);
  return TASKWORKER_OK;
}

/* The first moment at which the host may be called. */
static taskworker_status init(taskworker_instance *instance) {
  struct strategy *self = of(instance);
  self->log = self->host->get_extension(self->host, TASKWORKER_EXT_LOG);
  self->jobs = self->host->get_extension(self->host, TASKWORKER_EXT_JOBS);
  return TASKWORKER_OK;
}

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  struct strategy *self = of(instance);
  (void)workers; /* as create() was told */
  if (self->jobs == NULL) return TASKWORKER_OK;
  self->watch = self->jobs->start(self->host, 1000000000u, watch, self, NULL);
  if (self->watch != 0) return TASKWORKER_OK;
  say(self, TASKWORKER_LOG_ERROR, "the host gave no job");
  return TASKWORKER_FAILED;
}

/* Ends what start() began. What is left here is reported as leaked: try it. */
static void stop(taskworker_instance *instance) {
  struct strategy *self = of(instance);
  if (self->jobs != NULL) self->jobs->cancel(self->host, self->watch);
}

static void destroy(taskworker_instance *instance) { free(of(instance)); }

/* May not call the host yet. Options: see template.cpp. */
static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  const size_t size = sizeof(struct strategy) + config->workers * sizeof(struct worker);
  struct strategy *self = aligned_alloc(_Alignof(struct strategy), size);
  if (self == NULL) return NULL;
  memset(self, 0, size);
  self->host = host;
  self->worker_count = config->workers;
  self->instance = (taskworker_instance){
      .strategy_data = self,
      .init = init,
      .start = start,
      .process = process,
      .stop = stop,
      .destroy = destroy,
  };
  return &self->instance;
}

/* The one symbol that the host looks for. All else here is static. */
const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "mine", .version = "1.0.0", .summary = "a strategy of my own, in C"},
    .create = create,
};
