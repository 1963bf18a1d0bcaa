// SPDX-License-Identifier: MIT
// For builds without jemalloc.
#include "profiling/probes/heap_settings.hpp"

namespace taskworker::profiling {

std::optional<heap_settings> read_heap_settings() noexcept { return std::nullopt; }

}  // namespace taskworker::profiling
