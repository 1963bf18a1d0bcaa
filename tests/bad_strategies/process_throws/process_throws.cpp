// SPDX-License-Identifier: MIT
// An exception comes out of each process(), against the rules of the interface.
#include <cstdint>
#include <stdexcept>

#include "sound.h"

static taskworker_status process(taskworker_instance *, std::uint32_t, const taskworker_task *,
                                 taskworker_result *) {
  throw std::runtime_error("thrown on purpose");
}

static taskworker_instance *create(const taskworker_host *, const taskworker_config *) {
  the_instance.process = process;
  return &the_instance;
}

const taskworker_entry taskworker_strategy_entry = {
    TASKWORKER_ABI_VERSION,
    {"process_throws", "1.0.0", "Throws from process().", nullptr, nullptr},
    nullptr,
    nullptr,
    create,
    nullptr,
};
