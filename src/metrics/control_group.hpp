// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace taskworker::metrics {

/// A limit of a control group and what its processes take of it.
struct group_limit {
  std::uint64_t most = 0;
  std::uint64_t used = 0;
  [[nodiscard]] std::uint64_t left() const { return used < most ? most - used : 0; }
};

/// What the control groups of this process, its own and those around it, allow it (cgroups(7),
/// version 1 and 2). Nothing where there is no limit or it cannot be read.
struct control_group_figures {
  std::optional<double> cpus;                ///< CPU time a second, of the tightest quota
  std::optional<group_limit> memory;         ///< bytes, of the group with the least left
  std::optional<std::uint64_t> most_memory;  ///< bytes, the least that any of the groups allows
  std::optional<group_limit> threads;
  std::uint64_t periods = 0;            ///< in which a quota was kept to, since the group began
  std::uint64_t throttled_periods = 0;  ///< in which the group had to wait for the next one
};

/// `root` is put before each path, of /proc and of the mount points that it names.
[[nodiscard]] control_group_figures read_control_group(const std::filesystem::path &root = "/");

}  // namespace taskworker::metrics
