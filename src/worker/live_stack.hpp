// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "profiling/symbols/symbols.hpp"
#include "worker/session_outcome.hpp"

namespace taskworker::worker {

/// One line a call, innermost first: "bad.cpp:123 (process)"; where the loop of a thread of the
/// host begins, it ends. [thread-safe]
[[nodiscard]] std::vector<std::string> describe_stack(std::span<const std::uintptr_t> frames,
                                                      profiling::symbols &names);

/// Fills in where the workers of these tasks are now. Of a task that has ended meanwhile, and of
/// a worker that does not answer within a second, the stack stays empty. [thread-safe]
void read_stacks(std::vector<stuck_task> &tasks, profiling::symbols &names);

/// Where the threads with these names are now; those that have nothing to do, or do not answer,
/// are left out.
/// [thread-safe]
[[nodiscard]] std::vector<stuck_thread> read_stacks(std::span<const char *const> thread_names,
                                                    profiling::symbols &names);

}  // namespace taskworker::worker
