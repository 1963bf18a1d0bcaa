// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "profiling/symbols/symbols.hpp"
#include "profiling/threads/threads.hpp"
#include "worker/job_loop.hpp"

namespace taskworker::worker {

/// Things that a strategy has left behind and that started at one place.
struct leak {
  enum class kind : std::uint8_t { thread, job };
  kind what = kind::thread;
  std::uint64_t count = 0;
  std::string place;  ///< "bad.cpp:123 (start_helper)"
};

/// Groups what is still alive by the place in the source that started it, largest
/// group first. The place is the innermost one in the strategy's own code: in the
/// module that holds `in_strategy`, outside system headers; where there is none, the
/// outermost of the stack.
[[nodiscard]] std::vector<leak> group_leaks(const std::vector<profiling::thread_info> &threads,
                                            const std::vector<job_info> &jobs,
                                            const void *in_strategy, profiling::symbols &names);

}  // namespace taskworker::worker
