/* SPDX-License-Identifier: MIT */
/* The entry's init() never returns, and leaves a child that does not end either. */
#include <taskworker/strategy.h>

#include <stddef.h>
#include <unistd.h>

static taskworker_status init(const char *path) {
  (void)path;
  (void)!fork();
  for (;;) pause();
}

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  return NULL;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "init_hangs", .version = "1.0.0", .summary = "Hangs when opened."},
    .init = init,
    .create = create,
};
