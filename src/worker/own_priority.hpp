// SPDX-License-Identifier: MIT
#pragma once

#include <sys/resource.h>
#include <unistd.h>

namespace taskworker::worker {

/// Adds `nice`, 0 to 19, to the niceness of the calling thread, which is always allowed
/// (setpriority(2): on Linux it is the thread's own).
inline void lower_own_priority(int nice) noexcept {
  if (nice != 0) ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice);
}

}  // namespace taskworker::worker
