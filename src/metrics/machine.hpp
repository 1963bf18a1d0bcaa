// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "metrics/control_group.hpp"

namespace taskworker::metrics {

/// What this machine gives a process, and what keeps it busy. Nothing, or empty, where
/// there is no limit or the kernel does not tell.
struct machine_figures {
  std::uint64_t cpus = 1;  ///< that this process may run on
  double load = 0;         ///< threads that ran or wanted to, mean of the last minute
  std::string governor;    ///< how the clock frequency of the first CPU is chosen
  std::uint64_t open_files = 0;
  std::optional<std::uint64_t> open_files_limit;
  std::optional<std::uint64_t> threads_limit;     ///< of the user (RLIMIT_NPROC)
  std::optional<std::uint64_t> signals_limit;     ///< of the user (RLIMIT_SIGPENDING)
  std::uint64_t signals_queued = 0;               ///< of them taken: a POSIX timer takes one
  std::optional<std::uint64_t> memory_available;  ///< bytes, without swapping
  control_group_figures group;

  /// CPUs worth of time that this process can have.
  [[nodiscard]] double usable_cpus() const;
};

/// `root` is put before the paths of what is read from files. [thread-safe]
[[nodiscard]] machine_figures read_machine(const std::filesystem::path &root = "/");

}  // namespace taskworker::metrics
