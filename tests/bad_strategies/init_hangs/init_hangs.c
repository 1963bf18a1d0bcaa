/* SPDX-License-Identifier: MIT */
/* The entry's init() never returns, and leaves a child that lives on for a while. */
#include <taskworker/strategy.h>

#include <stddef.h>
#include <unistd.h>

static taskworker_status init(const char *path) {
  (void)path;
  if (fork() == 0) {
    sleep(30);
    _exit(0);
  }
  while (pause() != 0) {
  }
  return TASKWORKER_OK;
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
