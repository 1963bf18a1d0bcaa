// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "profiling/probes/probe_result.hpp"
#include "profiling/threads/thread_stacks.hpp"
#include "profiling/threads/threads.hpp"

namespace taskworker::profiling {

/// What is seen of a thread that was started for it and waits.
struct thread_observation {
  pid_t tid = 0;                           ///< of that thread
  std::uint64_t look_ns = 0;               ///< that the look at all stacks took
  std::vector<thread_snapshot> snapshots;  ///< of all threads
  std::vector<thread_info> recorded;       ///< live_threads()
};

[[nodiscard]] thread_observation observe_threads();

/// Do threads show their stacks? Pure.
[[nodiscard]] probe_result judge_thread_stacks(const thread_observation &seen);

/// Is it known who started a thread? `is_recorded` as threads_are_recorded(). Pure.
[[nodiscard]] probe_result judge_thread_starts(const thread_observation &seen, bool is_recorded);

/// Has a wait for a lock of a known length been seen?
struct contention_observation {
  bool is_recorded = false;   ///< contention_is_recorded()
  std::uint64_t held_ns = 0;  ///< the lock was held for others so long
  std::uint64_t seen_ns = 0;  ///< by the profile of waiting
};

/// Lets a thread wait for a lock for some 10 ms; switches recording on meanwhile.
[[nodiscard]] contention_observation observe_contention();

/// Pure.
[[nodiscard]] probe_result judge_contention(const contention_observation &seen);

}  // namespace taskworker::profiling
