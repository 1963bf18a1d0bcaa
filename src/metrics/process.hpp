// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace taskworker::metrics {

/// The kernel's figures for this process (/proc/self, getrusage).
struct process_figures {
  double cpu_seconds = 0;         ///< user and system, all threads
  double start_time_seconds = 0;  ///< since the Unix epoch
  std::uint64_t open_fds = 0;
  std::uint64_t max_fds = 0;  ///< soft limit
  std::uint64_t virtual_bytes = 0;
  std::uint64_t virtual_max_bytes = 0;  ///< soft limit; 0 = none
  std::uint64_t resident_bytes = 0;
  std::uint64_t heap_bytes = 0;  ///< of the brk segment (VmData where that is not known)
  std::uint64_t threads = 0;
  std::uint64_t voluntary_switches = 0;
  std::uint64_t involuntary_switches = 0;
  std::uint64_t minor_faults = 0;
  std::uint64_t major_faults = 0;
};

/// Figures that cannot be read stay 0. Some tens of microseconds, more with many
/// open descriptors. [thread-safe]
[[nodiscard]] process_figures read_process();

/// Most physical memory that this process has had, in bytes, since its exec (VmHWM): unlike
/// ru_maxrss, which keeps that of the process it was forked from. [thread-safe]
[[nodiscard]] std::uint64_t read_peak_resident();

/// Its physical memory alone, in bytes. A few microseconds. [thread-safe]
[[nodiscard]] std::uint64_t read_resident();

/// The number of threads alone. A few microseconds. [thread-safe]
[[nodiscard]] std::uint64_t count_threads();

}  // namespace taskworker::metrics
