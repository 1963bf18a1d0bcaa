// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "profiling/profile.hpp"

namespace taskworker::profiling {

/// What the allocator knew at one moment: cheap to take, and made a profile only when
/// somebody wants to see it.
struct heap_snapshot {
  std::string dump;             ///< as dump_heap() gives it
  std::uint64_t allocated = 0;  ///< bytes in use by the allocator's own count
  std::int64_t time_ns = 0;     ///< since the Unix epoch
};

/// The moment now. Throws heap_error. [thread-safe]
[[nodiscard]] heap_snapshot take_heap_snapshot();

/// Its profile, as read_heap_profile() has it. Only in the process that took it, for it
/// tells the allocator's frames by where they lie. Throws heap_error. [thread-safe]
[[nodiscard]] profile make_heap_profile(const heap_snapshot &taken);

}  // namespace taskworker::profiling
