// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "profiling/heap/heap_profile.hpp"

namespace taskworker::profiling {

/// Where the code of the allocator lies in this process: the library that has jemalloc, and
/// the functions that a program allocates by (malloc and its kin, all forms of operator
/// new), in whatever library they are. With jemalloc inside the program itself, only those
/// functions. Some tens of microseconds. [thread-safe]
[[nodiscard]] std::vector<code_range> find_allocator_code();

}  // namespace taskworker::profiling
