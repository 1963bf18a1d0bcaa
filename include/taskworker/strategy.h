/* SPDX-License-Identifier: MIT */
/*
 * The strategy interface of taskworker.
 *
 * A strategy is a shared library that does the work of tasks. The host (the
 * program taskworker) opens it, hands it tasks on several worker threads, and
 * measures what it does. This header is all a strategy needs; it may be read
 * alone, top to bottom. Extensions that a strategy may use or offer stand
 * beside it in ext/.
 *
 * Conventions
 *
 *  (1) A strategy exports one symbol, `taskworker_strategy_entry`: constant
 *      data that can be read without running any of the strategy's code. All
 *      else is hidden (-fvisibility=hidden, or static).
 *
 *  (2) Versions. `TASKWORKER_ABI_MAJOR.MINOR` is the first member of every root
 *      struct that one side hands to the other. The host refuses another major,
 *      and takes any minor. A minor number is never compared to find out what
 *      the other side can do: ask for the extension.
 *
 *  (3) Growth. The structs of this header are frozen. New abilities are
 *      extensions: a struct found by a string id "taskworker.<name>/<revision>"
 *      through the other side's get_extension(); null means "not supported".
 *      Ask once, in init(), and keep the answer.
 *
 *  (4) Errors. A function that can fail returns a taskworker_status; 0 is
 *      success. The reason is told through the host's log (ext/log.h) at the
 *      moment it is known. No C++ exception, no longjmp and no C++ type crosses
 *      this interface in either direction.
 *
 *  (5) Ownership. Every pointer says who owns what it points to and until
 *      when. The side that allocated a thing frees it. Members named host_data
 *      and strategy_data belong to one side; the other never touches them.
 *
 *  (6) Text is UTF-8, ended by a zero byte unless a size stands beside it.
 *      A pointer is mandatory unless it says "may be null". Flags are int32_t:
 *      0 is false, anything else is true.
 *
 *  (7) Threads. Every function carries a tag. A tag promises something about
 *      concurrency on one instance; it does not name an OS thread.
 *        [control-thread]  one call at a time, never beside another
 *                          [control-thread] call; beside [worker-thread] and
 *                          [job-thread] calls only where that is said.
 *        [worker-thread]   calls with different worker indices run at once;
 *                          two calls with one index never do.
 *        [job-thread]      one call at a time for an instance; beside
 *                          [worker-thread] calls.
 *        [thread-safe]     from any thread, at any time.
 *
 *  (8) Signals. The host may interrupt any thread by a signal, to sample its
 *      stack: a system call of the strategy may return EINTR. A strategy
 *      neither masks signals on the host's threads nor replaces handlers.
 *
 *  (9) A strategy has no static constructors with effects: they would run
 *      before its version is checked. The host never unloads a strategy.
 *
 * (10) Process. It belongs to the host: a strategy does not end it, does not
 *      write to standard output, and leaves the current folder, environment
 *      and umask as they are.
 *
 * Life of an instance. Each function is legal only in the state named here,
 * and the host keeps that order:
 *
 *      create() -> [created] -- init() ok ----> [idle]
 *                     |         init() failed -> only destroy() follows
 *      [idle] -- start(workers) ok -> [running] -- stop() -> [idle]
 *                start() failed -> still [idle]
 *      [running]: process(), on every worker index below `workers`
 *      [created], [idle] -- destroy() -> gone
 *
 * start() may follow stop() again. After stop() no job callback of the
 * instance runs any more once destroy() is called (see ext/jobs.h).
 */
#ifndef TASKWORKER_STRATEGY_H
#define TASKWORKER_STRATEGY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this interface, stated here and nowhere else. What is written
 * for 1.0 works with every 1.x; the minor number counts rules made clearer. */
#define TASKWORKER_ABI_MAJOR 1u
#define TASKWORKER_ABI_MINOR 0u

/* Put before the definition of taskworker_strategy_entry. */
#if defined(__GNUC__)
#define TASKWORKER_EXPORT __attribute__((visibility("default")))
#else
#define TASKWORKER_EXPORT
#endif

typedef struct taskworker_version {
  uint32_t major;
  uint32_t minor;
} taskworker_version;

#ifdef __cplusplus
#define TASKWORKER_ABI_VERSION \
  taskworker_version { TASKWORKER_ABI_MAJOR, TASKWORKER_ABI_MINOR }
#else
#define TASKWORKER_ABI_VERSION {TASKWORKER_ABI_MAJOR, TASKWORKER_ABI_MINOR}
#endif

/* ---- Status ------------------------------------------------------------- */

/* What a call came to. The enumerators are values of this type. */
typedef int32_t taskworker_status;
enum {
  TASKWORKER_OK = 0,
  /* It did not work; the reason was logged. For process(): this task failed,
   * the next one is tried. */
  TASKWORKER_FAILED = 1,
  /* The operation, payload or configuration is not one this strategy knows. */
  TASKWORKER_UNSUPPORTED = 2,
  /* A buffer of the result is too small. The sizes needed are set; the host
   * lends larger buffers and calls once more for the same task. */
  TASKWORKER_NO_CAPACITY = 3,
  /* Given up because the host is stopping (ext/stop.h). */
  TASKWORKER_CANCELLED = 4
};

/* ---- Tasks and results -------------------------------------------------- */

/* The operations of the built-in workload: indices into its operation names.
 * The payload is an array of int64_t, aligned to 8 bytes; all arithmetic wraps
 * modulo 2^64. A workload of the strategy's own (ext/workload.h) replaces them. */
typedef uint32_t taskworker_operation;
enum {
  TASKWORKER_SUM = 0,      /* scalar: the sum of all elements */
  TASKWORKER_MULTIPLY = 1, /* scalar: the product of all elements, 1 for none */
  TASKWORKER_SQUARE = 2,   /* array: the square of each element, in order */
  TASKWORKER_FILTER = 3    /* array: the even elements, in order */
};

/* A task. The host owns it and the payload; both are valid until process()
 * returns, and are never written by the strategy. */
typedef struct taskworker_task {
  uint64_t id;           /* 0, 1, 2, ... in the order of the task source */
  const void *payload;   /* may be null when payload_size is 0 */
  uint64_t payload_size; /* in bytes */
  taskworker_operation operation;
  uint32_t reserved; /* 0 */
} taskworker_task;

/* Which part of a result counts. The enumerators are values of this type. */
typedef uint32_t taskworker_result_kind;
enum {
  TASKWORKER_SCALAR = 0, /* `scalar` */
  TASKWORKER_ARRAY = 1   /* the first `data_size` bytes of `data` */
};

/* A result. The host owns the struct and both buffers and lends them until
 * process() returns. It hands the struct over with both sizes 0, `kind` scalar
 * and `scalar` 0; the strategy sets what it has. */
typedef struct taskworker_result {
  int64_t scalar;
  void *data;             /* aligned to 64 bytes */
  uint64_t data_capacity; /* in bytes; for the built-in workload never less
                             than the task's payload_size */
  uint64_t data_size;     /* set by the strategy: bytes written, or needed */
  char *info;             /* a short text for a person, not ended by zero */
  uint64_t info_capacity; /* in bytes; never less than 128 */
  uint64_t info_size;     /* set by the strategy: bytes written, or needed */
  taskworker_result_kind kind;
  uint32_t reserved; /* 0 */
} taskworker_result;

/* ---- Configuration ------------------------------------------------------ */

/* One option of the strategy and its value as text. The host has checked name
 * and value against ext/options.h before. */
typedef struct taskworker_option_value {
  const char *name;
  const char *value;
} taskworker_option_value;

/* What an instance is made for. The host owns it and everything it points to,
 * until destroy() returns. */
typedef struct taskworker_config {
  const taskworker_option_value *options; /* every declared option, in the order
                                             of its declaration, defaults filled
                                             in; null when there are none */
  uint64_t option_count;
  uint64_t expected_tasks; /* how many tasks will come; 0 = not known */
  uint64_t data_size;      /* elements in a generated task */
  uint32_t workers;        /* the count that start() will be given */
  uint32_t reserved;       /* 0 */
} taskworker_config;

/* ---- Host --------------------------------------------------------------- */

/* The host, as an instance sees it. The host owns it, until destroy() returns.
 * Its extensions: ext/log.h, ext/stop.h, ext/jobs.h, ext/thread_check.h. */
typedef struct taskworker_host {
  taskworker_version abi;
  const char *name;    /* "taskworker" */
  const char *version; /* of the program, not of the interface */
  void *host_data;     /* the host's own; not for the strategy */

  /* The host's extension `id`, or null when it has none of that id. The host
   * owns the answer, until destroy() returns. [thread-safe], but not to be
   * called in create(). */
  const void *(*get_extension)(const struct taskworker_host *host, const char *id);
} taskworker_host;

/* ---- Instance ----------------------------------------------------------- */

/* An instance of a strategy. The strategy owns it, until destroy(); no member
 * changes after create() returned it. */
typedef struct taskworker_instance {
  void *strategy_data; /* the strategy's own; not for the host */

  /* Prepares the instance; the first moment at which the host may be called.
   * After a failure only destroy() follows.
   * [control-thread, state: created] */
  taskworker_status (*init)(struct taskworker_instance *instance);

  /* Gets ready for process() on the indices 0 .. workers-1, workers >= 1.
   * Memory, threads and jobs that tasks will need are best made here.
   * [control-thread, state: idle] */
  taskworker_status (*start)(struct taskworker_instance *instance, uint32_t workers);

  /* Does one task. See taskworker_status for what may come back; after
   * NO_CAPACITY nothing of the first call may be seen in the second, apart
   * from its sizes. [worker-thread, state: running] */
  taskworker_status (*process)(struct taskworker_instance *instance, uint32_t worker,
                               const taskworker_task *task, taskworker_result *result);

  /* Ends what start() and process() began: threads joined, jobs cancelled. No
   * process() runs beside it or comes after it; job callbacks may still run
   * beside it. What it leaves behind, the host reports as leaked.
   * [control-thread, state: running] */
  void (*stop)(struct taskworker_instance *instance);

  /* Frees the instance. [control-thread, state: created or idle] */
  void (*destroy)(struct taskworker_instance *instance);

  /* The instance's extension `id` (ext/queue.h), or null when it has none of
   * that id. The strategy owns the answer, until destroy(). May be null.
   * [control-thread, state: idle] */
  const void *(*get_extension)(struct taskworker_instance *instance, const char *id);
} taskworker_instance;

/* ---- Entry -------------------------------------------------------------- */

/* What a strategy says of itself: static text, readable without a call. */
typedef struct taskworker_descriptor {
  const char *name;    /* as in --strategy=NAME: letters, digits, '_', '-' */
  const char *version; /* of the strategy, "1.0.0" */
  const char *summary; /* one line */
  const char *license; /* an SPDX identifier; may be null */
  const char *author;  /* may be null */
} taskworker_descriptor;

typedef struct taskworker_entry {
  taskworker_version abi; /* TASKWORKER_ABI_VERSION */
  taskworker_descriptor descriptor;

  /* Called once after the library was opened; `path` is its absolute path,
   * valid until deinit(). After a failure no further call follows, not even
   * deinit(). May be null. [control-thread] */
  taskworker_status (*init)(const char *path);

  /* Called last, when no instance is left; the library stays in memory. May be
   * null. [control-thread] */
  void (*deinit)(void);

  /* Makes an instance, or returns null when it cannot. Must not call the host
   * yet; may keep `host` and `config`, which live as long as the instance. More
   * than one instance may live at a time. [control-thread] */
  taskworker_instance *(*create)(const taskworker_host *host, const taskworker_config *config);

  /* The extension `id` of the strategy as a whole (ext/options.h,
   * ext/workload.h), or null when it has none of that id. Constant data, asked
   * for after init(), without any instance. May be null. [control-thread] */
  const void *(*get_extension)(const char *id);
} taskworker_entry;

/* The one symbol that a strategy defines and exports. */
extern TASKWORKER_EXPORT const taskworker_entry taskworker_strategy_entry;
#define TASKWORKER_ENTRY_SYMBOL "taskworker_strategy_entry"

#ifdef __cplusplus
}
#endif

#endif /* TASKWORKER_STRATEGY_H */
