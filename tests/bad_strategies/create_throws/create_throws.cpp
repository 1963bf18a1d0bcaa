// SPDX-License-Identifier: MIT
// An exception comes out of create(), against the rules of the interface.
#include <stdexcept>

#include "sound.h"

static taskworker_instance *create(const taskworker_host *, const taskworker_config *) {
  throw std::runtime_error("thrown on purpose");
}

const taskworker_entry taskworker_strategy_entry = {
    TASKWORKER_ABI_VERSION,
    {"create_throws", "1.0.0", "Throws from create().", nullptr, nullptr},
    nullptr,
    nullptr,
    create,
    nullptr,
};
