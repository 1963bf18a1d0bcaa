// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "profiling/threads/threads.hpp"
#include "worker/job_loop.hpp"

namespace taskworker::worker {

/// Threads and jobs of a strategy that probably nobody will ever end.
struct left_behind {
  std::vector<profiling::thread_info> threads;
  std::vector<job_info> jobs;
  bool is_stopped = false;  ///< alive after the strategy's stop(): leaked. Else suspects
};

/// What is known of a worker's tasks at one moment. To be read in this order: a worker
/// counts the duration of a task before it leaves it.
struct worker_tasks {
  std::optional<std::uint64_t> running;  ///< id of the task that it is in
  std::uint64_t longest_ns = 0;          ///< of the tasks that it has done
};

/// What was started inside process() may outlive its task by this much.
inline constexpr std::chrono::nanoseconds suspect_age = std::chrono::seconds(10);

/// Those of `threads` and `jobs` that were started inside process() and are alive
/// `suspect_age` after that task ended. When a task ended is not recorded: it was at the
/// latest `longest_ns` after it started something, so a suspect may be named that much too
/// late, never too early. REQUIRES: `workers` by index; `now_ns` (CLOCK_MONOTONIC) was read
/// before the rest.
[[nodiscard]] left_behind find_suspects(std::vector<profiling::thread_info> threads,
                                        std::vector<job_info> jobs,
                                        std::span<const worker_tasks> workers,
                                        std::uint64_t now_ns);

}  // namespace taskworker::worker
