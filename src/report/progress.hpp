// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "worker/session_observer.hpp"

namespace taskworker::report {

/// How fast tasks are done between two looks. One thread at a time.
class rate_meter {
 public:
  /// Tasks per second since the call before, or since the begin of the run. `view` is later
  /// than that of the call before.
  double next(const worker::session_view &view);

 private:
  std::uint64_t last_done_ = 0;
  std::chrono::nanoseconds last_elapsed_{0};
};

/// A line of at most 79 characters: tasks, rate, threads, jobs, memory. `tasks`: expected;
/// 0 = not known. `rate` in tasks per second.
[[nodiscard]] std::string progress_line(const worker::session_view &view, std::uint64_t tasks,
                                        double rate);

}  // namespace taskworker::report
