/* SPDX-License-Identifier: MIT */
/*
 * Extension of the entry: the options of a strategy, declared.
 *
 * The host shows them in --help-strategy, checks what the user gives against
 * them, and hands the values to create(). A strategy never sees a value that
 * its declaration does not allow.
 */
#ifndef TASKWORKER_EXT_OPTIONS_H
#define TASKWORKER_EXT_OPTIONS_H

#include <taskworker/strategy.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TASKWORKER_EXT_OPTIONS "taskworker.options/1"

/* The type of an option's value. The enumerators are values of this type. */
typedef uint32_t taskworker_option_type;
enum {
  TASKWORKER_OPTION_TEXT = 0,    /* any text */
  TASKWORKER_OPTION_FLAG = 1,    /* "true" or "false" */
  TASKWORKER_OPTION_INTEGER = 2, /* decimal, minimum <= value <= maximum */
  TASKWORKER_OPTION_CHOICE = 3,  /* one of `choices` */
  TASKWORKER_OPTION_SET = 4      /* some of `choices`, separated by commas, in
                                    any order; "none" for the empty set */
};

/* One option. Static data of the strategy. */
typedef struct taskworker_option {
  const char *name;           /* letters, digits, '_', '-' */
  const char *summary;        /* one line, with the unit of the value */
  const char *default_value;  /* must itself be allowed */
  const char *const *choices; /* ended by a null pointer; null for types without */
  int64_t minimum;            /* INTEGER only */
  int64_t maximum;            /* INTEGER only */
  taskworker_option_type type;
  uint32_t reserved; /* 0 */
} taskworker_option;

typedef struct taskworker_options {
  const taskworker_option *options;
  uint64_t count;
} taskworker_options;

#ifdef __cplusplus
}
#endif

#endif /* TASKWORKER_EXT_OPTIONS_H */
