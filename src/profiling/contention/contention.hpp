// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "profiling/profile.hpp"

namespace taskworker::profiling {

/// Where threads wait for one another. The executable defines the pthread functions that take
/// and release mutexes and read-write locks, and that wait for conditions, itself, and chains
/// to the C library's; so what std::mutex, std::shared_mutex and std::condition_variable do is
/// seen in any module. Waits for futexes that are called directly (std::atomic::wait,
/// std::latch) are not, nor are spinning and I/O.
///
/// Off, that costs one load and a jump; on, a lock that is free costs 2 ns more (tests/bench/
/// contention.cpp). A wait that is long enough has its stack read; shorter ones are sampled
/// with a chance in proportion to their length and weighted by it, so that totals hold at a
/// bounded cost (delay_sampler.hpp). Nothing is allocated and no lock taken on the way.

/// False in builds where the functions are not interposed (sanitizers).
[[nodiscard]] bool contention_is_recorded() noexcept;

/// Switches recording on or off; off at first. What was recorded stays. [thread-safe]
void set_contention_recording(bool on) noexcept;
[[nodiscard]] bool is_recording_contention() noexcept;

/// By the stack that released a lock for which others waited: how long they had waited for
/// it, all together (contentions/count, delay/nanoseconds), since the process began. As
/// Go's "mutex". The frame [lock handover] has what no holder is to blame for, from a
/// release until the next thread ran; with it, the total is what all waits for locks took.
/// [thread-safe]
[[nodiscard]] profile read_mutex_profile();

/// By the stack that waited, for a lock or a condition variable: how long. As Go's "block".
/// [thread-safe]
[[nodiscard]] profile read_block_profile();

}  // namespace taskworker::profiling
