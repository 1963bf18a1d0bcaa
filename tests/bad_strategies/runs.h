/* SPDX-License-Identifier: MIT */
/* Counts the processes that run a strategy, in a file that TASKWORKER_TEST_RUNS names. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

/* The number of this one, from 1 on; 0 where nothing is counted. */
static inline long count_run(void) {
  const char *path = getenv("TASKWORKER_TEST_RUNS");
  FILE *file = path != NULL ? fopen(path, "ab") : NULL;
  if (file == NULL) return 0;
  fputc('.', file);
  fseek(file, 0, SEEK_END);
  const long runs = ftell(file);
  fclose(file);
  return runs;
}
