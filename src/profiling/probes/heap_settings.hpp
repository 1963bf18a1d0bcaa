// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

namespace taskworker::profiling {

/// How the allocator of this process profiles.
struct heap_settings {
  bool can_profile = false;        ///< jemalloc was built with --enable-prof
  bool is_on = false;              ///< since the process began; cannot be changed
  bool is_sampling = false;        ///< at present
  std::uint64_t sample_bytes = 0;  ///< mean distance of two samples
};

/// Nothing in builds without jemalloc. [thread-safe]
[[nodiscard]] std::optional<heap_settings> read_heap_settings() noexcept;

}  // namespace taskworker::profiling
