// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "profiling/profile.hpp"

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

/// Whether allocations are sampled now. What is allocated meanwhile is never seen, also
/// after sampling is on again. Both throw heap_error where the allocator cannot profile.
/// [thread-safe]
[[nodiscard]] bool is_heap_sampling();
void set_heap_sampling(bool on);

/// The allocator's own dump ("heap_v2", as `jeprof` reads it). Not from a signal handler.
/// May hold up allocations that are sampled meanwhile: takes about a millisecond for each 500
/// different stacks. Throws heap_error. [thread-safe]
[[nodiscard]] std::string dump_heap();

/// The heap now: alloc_objects, alloc_space, inuse_objects, inuse_space, all as estimates
/// from the samples, allocator frames left out. Its comments say how good the estimates
/// are and what they cannot see. Throws heap_error. [thread-safe]
[[nodiscard]] profile read_heap_profile();

}  // namespace taskworker::profiling
