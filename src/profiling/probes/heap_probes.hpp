// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "profiling/probes/heap_settings.hpp"
#include "profiling/probes/probe_result.hpp"
#include "profiling/symbols/symbols.hpp"

namespace taskworker::profiling {

/// Options of jemalloc that were set from outside the program.
struct allocator_options {
  std::string environment;  ///< MALLOC_CONF
  std::string machine;      ///< /etc/malloc.conf, a link whose target is the options
};

[[nodiscard]] allocator_options read_allocator_options();

/// Is heap profiling on, and if not, who switched it off? Pure.
[[nodiscard]] probe_result judge_heap_settings(const std::optional<heap_settings> &settings,
                                               const allocator_options &given);

/// Allocates, looks for that in a dump of the heap, and frees it again. Takes no memory that
/// it does not write to. `sample_bytes` as in heap_settings; sampling is on.
[[nodiscard]] probe_result probe_heap_dump(std::uint64_t sample_bytes, symbols &names);

}  // namespace taskworker::profiling
