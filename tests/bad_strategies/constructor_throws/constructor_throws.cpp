// SPDX-License-Identifier: MIT
// A static constructor throws, while the library is being opened.
#include <taskworker/strategy.h>

#include <stdexcept>

namespace {

struct thrower {
  thrower() { throw std::runtime_error("thrown on purpose"); }
};
const thrower thrown;

taskworker_instance *create(const taskworker_host *, const taskworker_config *) { return nullptr; }

}  // namespace

extern "C" const taskworker_entry taskworker_strategy_entry = {
    TASKWORKER_ABI_VERSION,
    {"constructor_throws", "1.0.0", "Throws when opened.", nullptr, nullptr},
    nullptr,
    nullptr,
    create,
    nullptr,
};
