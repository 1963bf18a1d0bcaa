// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

#include "metrics/machine.hpp"
#include "profiling/probes/machine_probes.hpp"
#include "profiling/probes/probe_result.hpp"

namespace taskworker::profiling {

/// A short CPU profile of a loop whose CPU time is known.
struct short_profile {
  std::uint64_t elapsed_ns = 0;  ///< on the wall clock
  std::uint64_t used_ns = 0;     ///< CPU time of the process, by its clock
  std::uint64_t seen_ns = 0;     ///< by the profile
  std::uint64_t stacks = 0;
  std::uint64_t broken_stacks = 0;  ///< not read to where threads begin
  std::uint64_t threads = 0;        ///< that had a timer
  std::uint64_t threads_without = 0;
};

/// Keeps the calling thread busy for so much CPU time, no longer than `limit` on the wall
/// clock; the timers are made by another thread. The loop runs below a function of the C
/// library, as much code does. REQUIRES: no cpu_profiler in this process.
[[nodiscard]] short_profile take_short_profile(std::chrono::nanoseconds cpu_time,
                                               std::chrono::nanoseconds limit);

/// Pure verdicts: has every thread its timer, and is there room for more? ...
[[nodiscard]] probe_result judge_cpu_timers(const short_profile &taken,
                                            const metrics::machine_figures &machine,
                                            const run_needs &needs);
/// ... does the profile have the CPU time that was used? ...
[[nodiscard]] probe_result judge_cpu_time(const short_profile &taken);
/// ... could stacks be read to their end?
[[nodiscard]] probe_result judge_unwinding(const short_profile &taken);

}  // namespace taskworker::profiling
