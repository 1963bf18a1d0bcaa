/* SPDX-License-Identifier: MIT */
/*
 * The four operations, and then again on `percent` of the payload: so many percent slower than
 * with percent=0, beside what the harness takes.
 */
#include <taskworker/ext/options.h>
#include <taskworker/strategy.h>
#include <stdlib.h>
#include <string.h>

static const taskworker_option percent = {
    .name = "percent",
    .summary = "how much of each task is done twice",
    .default_value = "0",
    .minimum = 0,
    .maximum = 100,
    .type = TASKWORKER_OPTION_INTEGER,
};
static const taskworker_options options = {.options = &percent, .count = 1};

static const taskworker_config *config;
static uint64_t percent_again;

static taskworker_status init(taskworker_instance *instance) {
  (void)instance;
  percent_again = strtoull(config->options[0].value, NULL, 10);
  return TASKWORKER_OK;
}

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  (void)instance;
  (void)workers;
  return TASKWORKER_OK;
}

/* Not inlined: what is done twice would be done once. */
__attribute__((noinline)) static taskworker_status calculate(const int64_t *in, uint64_t count,
                                                             taskworker_operation operation,
                                                             taskworker_result *result) {
  int64_t *out = result->data;
  uint64_t kept = 0;
  uint64_t scalar = operation == TASKWORKER_MULTIPLY;
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t value = (uint64_t)in[i];
    if (operation == TASKWORKER_SUM) scalar += value;
    if (operation == TASKWORKER_MULTIPLY) scalar *= value;
    if (operation == TASKWORKER_SQUARE) out[kept++] = (int64_t)(value * value);
    if (operation == TASKWORKER_FILTER && value % 2 == 0) out[kept++] = in[i];
  }
  result->scalar = (int64_t)scalar;
  result->data_size = kept * sizeof *out;
  result->kind = operation >= TASKWORKER_SQUARE ? TASKWORKER_ARRAY : TASKWORKER_SCALAR;
  return TASKWORKER_OK;
}

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance;
  (void)worker;
  const int64_t *in = task->payload;
  const uint64_t count = task->payload_size / sizeof *in;
  if (task->operation >= TASKWORKER_SQUARE && result->data_capacity < task->payload_size) {
    result->data_size = task->payload_size;
    return TASKWORKER_NO_CAPACITY;
  }
  (void)calculate(in, count * percent_again / 100, task->operation, result);
  return calculate(in, count, task->operation, result);
}

static void nothing_left(taskworker_instance *instance) { (void)instance; }

static taskworker_instance the_instance = {
    .init = init,
    .start = start,
    .process = process,
    .stop = nothing_left,
    .destroy = nothing_left,
};

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *given) {
  (void)host;
  config = given;
  return &the_instance;
}

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_OPTIONS) == 0 ? &options : NULL;
}

TASKWORKER_EXPORT const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "slowed", .version = "1.0.0", .summary = "As slow as asked for"},
    .create = create,
    .get_extension = get_extension,
};
