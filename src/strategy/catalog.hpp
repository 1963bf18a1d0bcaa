// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "strategy/finder.hpp"

namespace taskworker::strategy {

/// What --list shows of one candidate.
struct catalog_entry {
  candidate file;
  std::string version;
  std::string summary;
  std::string workload;  ///< name of the strategy's own workload, or empty
  std::string problem;   ///< why it cannot be used, or empty
};

/// Opens each candidate in a child process of its own and reads its descriptor:
/// a strategy that crashes or hangs while it is opened becomes a `problem`. A
/// child that is not done within `limit` is killed and reaped, with whatever it
/// started itself. What a strategy prints meanwhile is thrown away. To be called
/// while the process has one thread. Throws std::system_error when no child can
/// be had.
[[nodiscard]] std::vector<catalog_entry> read_catalog(
    const std::vector<candidate> &candidates,
    std::chrono::milliseconds limit = std::chrono::seconds(5));

/// The table of --list, for a person: each folder in the order of search and what
/// it holds; at most 80 columns, apart from the paths.
[[nodiscard]] std::string format_catalog(const std::vector<catalog_entry> &entries,
                                         const std::vector<search_folder> &folders);

}  // namespace taskworker::strategy
