// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <thread>

#include "worker/signal_latch.hpp"

namespace taskworker::worker {

/// While it lives, a strategy is opened by the thread that made it: where that takes longer than
/// `limit`, in a static constructor or in the entry's init(), nothing but the end of the process
/// can stop it. Where it hangs is told on standard error, and the process ends at once.
class opening_watch {
 public:
  /// `strategy`: as it was given. `limit`: 0 = none. `status`: of a process that is ended.
  /// Throws std::system_error when there can be no thread.
  opening_watch(std::string strategy, std::chrono::nanoseconds limit, int status);
  ~opening_watch();
  opening_watch(const opening_watch &) = delete;
  opening_watch &operator=(const opening_watch &) = delete;

 private:
  void watch(pid_t opener) const;

  const std::string strategy_;
  const std::chrono::nanoseconds limit_;
  const int status_;
  signal_latch is_open_{0};
  std::thread thread_;
};

}  // namespace taskworker::worker
