// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "strategy/word.hpp"

namespace taskworker::worker {

/// What a run is to do. Every value has been checked.
struct session_config {
  std::vector<strategy::given_option> options;  ///< resolved against the strategy's
  std::uint32_t workers = 10;
  std::uint64_t tasks = 1000;         ///< 0 = without end, or all that a file holds
  std::uint64_t data_size = 100;      ///< elements of a generated task
  std::string source;                 ///< empty = generator; else a path, "-" = standard input
  std::uint64_t rate = 0;             ///< tasks per second; 0 = as fast as it goes
  std::uint64_t verify_every = 1024;  ///< 0 = none
  int nice = 0;
  std::chrono::nanoseconds duration{0};  ///< 0 = ends with the tasks
  std::chrono::nanoseconds grace = std::chrono::seconds(5);
  std::chrono::nanoseconds start_timeout{0};  ///< for create(), init() and start(); 0 = none
  std::chrono::nanoseconds task_timeout{0};   ///< a task that runs longer is reported; 0 = none is
  /// Where the heap goes after the last task: "*.pb.gz" for `go tool pprof`, else for
  /// `jeprof`; empty = nowhere.
  std::string memprofile;
  std::string results;  ///< where results that are checked go; empty = nowhere
  std::string expect;   ///< a file of results that they must equal; empty = none
};

/// Tasks that may wait for each worker. `wanted`: by the strategy; 0 = it leaves that to us.
/// `has_buffers`: each of them lies in a buffer of its own.
[[nodiscard]] std::size_t queue_capacity(const session_config &config, std::uint32_t wanted,
                                         bool has_buffers);

}  // namespace taskworker::worker
