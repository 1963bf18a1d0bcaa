/* SPDX-License-Identifier: MIT */
/* The entry's init() crashes: whoever opens this must do it in another process. */
#include <taskworker/strategy.h>

#include <signal.h>
#include <stddef.h>

static taskworker_status init(const char *path) {
  (void)path;
  raise(SIGSEGV);
  return TASKWORKER_OK;
}

static taskworker_instance *create(const taskworker_host *host, const taskworker_config *config) {
  (void)host;
  (void)config;
  return NULL;
}

const taskworker_entry taskworker_strategy_entry = {
    .abi = TASKWORKER_ABI_VERSION,
    .descriptor = {.name = "init_crashes", .version = "1.0.0", .summary = "Crashes when opened."},
    .init = init,
    .create = create,
};
