// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "profiling/profile.hpp"

namespace taskworker::profiling {

/// A range of code, [begin, end).
struct code_range {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
};

/// A text that is no heap_v2 dump. what() names the line and what was expected there.
class heap_format_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Makes a profile of a jemalloc dump ("heap_v2/RATE"; format: `jeprof`, and jemalloc's
/// doc_internal/PROFILING_INTERNALS.md): alloc_objects, alloc_space, inuse_objects,
/// inuse_space; its comments say how many samples there are and how good they make it.
///
/// Each line is scaled up to what was probably allocated, by 1 / (1 - exp(-mean size / rate)),
/// before lines are merged; innermost frames that lie in `allocator` are left out.
///
/// There is no label "bytes" as in Go's heap profiles: Go keeps a line for each size, while
/// the mean size of jemalloc's lines moves, so that a line with it would be another one at
/// each look, and the growth since the last look (subtract(), Pyroscope, Parca) nonsense.
///
/// Pure. Throws heap_format_error, also when the end of the dump is missing.
[[nodiscard]] profile parse_heap_dump(std::string_view dump,
                                      const std::vector<code_range> &allocator);

}  // namespace taskworker::profiling
