/* SPDX-License-Identifier: MIT */
/*
 * A strategy that brings its own workload: tasks on text, which have nothing to do with
 * the built-in operations. Copy it, change the tasks, the work and its check, and build it
 * in the root of taskworker by
 *
 *   cc -O2 -g -shared -fPIC -Iinclude mine.c -o strategies/mine.so
 *
 * A second strategy with a workload of the same name can be compared with it.
 */
#include <taskworker/ext/workload.h>
#include <taskworker/strategy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The tasks ---------------------------------------------------------- */

/* The operations, by the number that a task carries. */
enum { COUNT_WORDS, UPPERCASE, OPERATION_COUNT };
static const char *const operation_names[] = {"count_words", "uppercase"};

/* Pseudo-random text of `data_size` bytes: words of small letters, single spaces and line
 * ends between them. The same id gives the same text, whenever it is asked for. */
static taskworker_status make_task(uint64_t id, uint64_t data_size, void *buffer, uint64_t capacity,
                                   uint64_t *payload_size, taskworker_operation *operation) {
  *payload_size = data_size;
  if (capacity < data_size) return TASKWORKER_NO_CAPACITY;
  *operation = (taskworker_operation)(id % OPERATION_COUNT);

  char *text = buffer;
  uint64_t state = id + 1;
  for (uint64_t i = 0; i < data_size; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const unsigned draw = (unsigned)(state >> 33) % 32;
    text[i] = draw < 26 ? (char)('a' + draw) : draw < 31 ? ' ' : '\n';
  }
  return TASKWORKER_OK;
}

/* ---- The work: what is measured ----------------------------------------- */

static int is_space(char c) { return c == ' ' || c == '\n'; }

/* A word begins at each letter that follows a space. No branch depends on the text. */
static int64_t count_words(const char *text, uint64_t size) {
  int64_t words = 0;
  int after_space = 1;
  for (uint64_t i = 0; i < size; ++i) {
    const int space = is_space(text[i]);
    words += after_space & !space;
    after_space = space;
  }
  return words;
}

static void uppercase(const char *text, uint64_t size, char *out) {
  for (uint64_t i = 0; i < size; ++i) {
    const int is_small = text[i] >= 'a' && text[i] <= 'z';
    out[i] = (char)(text[i] - is_small * ('a' - 'A'));
  }
}

static taskworker_status process(taskworker_instance *instance, uint32_t worker,
                                 const taskworker_task *task, taskworker_result *result) {
  (void)instance; /* no state: see template.c for some */
  (void)worker;
  const char *name = operation_names[task->operation % OPERATION_COUNT];
  switch (task->operation) {
    case COUNT_WORDS:
      result->scalar = count_words(task->payload, task->payload_size);
      break;
    case UPPERCASE:
      result->kind = TASKWORKER_ARRAY;
      result->data_size = task->payload_size;
      if (result->data_capacity < result->data_size) return TASKWORKER_NO_CAPACITY;
      uppercase(task->payload, task->payload_size, result->data);
      break;
    default:
      return TASKWORKER_UNSUPPORTED;
  }
  result->info_size = (uint64_t)snprintf(result->info, result->info_capacity, "%s of %llu bytes",
                                         name, (unsigned long long)task->payload_size);
  return TASKWORKER_OK;
}

/* ---- The check: written in another way than the work --------------------- */

static int32_t check(const taskworker_task *task, const taskworker_result *result) {
  const char *text = task->payload;
  const char *out = result->data;
  int64_t words = 0;
  for (uint64_t i = 0; i < task->payload_size; ++i) {
    const int ends_word = i + 1 == task->payload_size || strchr(" \n", text[i + 1]) != NULL;
    if (strchr(" \n", text[i]) == NULL && ends_word) ++words;
  }
  if (task->operation == COUNT_WORDS) {
    return result->kind == TASKWORKER_SCALAR && result->scalar == words;
  }
  if (result->kind != TASKWORKER_ARRAY || result->data_size != task->payload_size) return 0;
  for (uint64_t i = 0; i < task->payload_size; ++i) {
    const char *small = strchr("abcdefghijklmnopqrstuvwxyz", text[i]);
    if (out[i] != (small != NULL ? *small - 'a' + 'A' : text[i])) return 0;
  }
  return 1;
}

static const taskworker_workload workload = {
    .name = "text",
    .operation_names = operation_names,
    .operation_count = OPERATION_COUNT,
    .make_task = make_task,
    .check = check,
};

/* ---- The rest of a strategy without state -------------------------------- */

static taskworker_status init(taskworker_instance *instance) {
  (void)instance;
  return TASKWORKER_OK;
}

static taskworker_status start(taskworker_instance *instance, uint32_t workers) {
  (void)instance;
  (void)workers;
  return TASKWORKER_OK;
}

static void stop(taskworker_instance *instance) { (void)instance; }

static void destroy(taskworker_instance *instance) { free(instance); }

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  taskworker_instance *instance = malloc(sizeof *instance);
  if (instance == NULL) return NULL;
  *instance = (taskworker_instance){
      .init = init,
      .start = start,
      .process = process,
      .stop = stop,
      .destroy = destroy,
  };
  return instance;
}

static const void *get_extension(const char *id) {
  return strcmp(id, TASKWORKER_EXT_WORKLOAD) == 0 ? &workload : NULL;
}

/* The one symbol that the host looks for. All else here is static. */
const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "mine", .version = "1.0.0", .summary = "a workload of my own: text"},
    .create = create,
    .get_extension = get_extension,
};
