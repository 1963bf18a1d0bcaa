// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace taskworker::metrics {

/// What the CPU profiler has seen of itself since the process began.
struct profiler_figures {
  std::uint64_t samples = 0;
  std::uint64_t lost_samples = 0;           ///< taken, but there was no room to keep them
  std::uint64_t overruns = 0;               ///< timer ticks that came while a signal waited
  std::uint64_t failed_unwinds = 0;         ///< stacks that could not be read to their end
  std::uint64_t threads_without_timer = 0;  ///< now: the system gave no more timers
  double cpu_seconds = 0;                   ///< spent in the signal handler and on its thread
};

}  // namespace taskworker::metrics
