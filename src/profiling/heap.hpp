// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace taskworker::profiling {

/// Heap profiling cannot be had, or a dump could not be written. what() is one
/// line that says why.
class heap_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Sets the mean number of allocated bytes between two samples, rounded up to a
/// power of two. Only at the start of a run: it forgets everything sampled before.
/// Throws heap_error where the allocator cannot profile.
void set_heap_sample(std::uint64_t bytes);

/// Writes the allocator's own dump ("heap_v2", as `jeprof` reads it) to `path`.
/// Not from a signal handler. Throws heap_error. [thread-safe]
void dump_heap(const std::string &path);

}  // namespace taskworker::profiling
