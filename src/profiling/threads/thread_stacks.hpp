// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "profiling/running_task.hpp"
#include "profiling/threads/threads.hpp"

namespace taskworker::profiling {

/// A thread of this process at one moment, as seen from another one.
struct thread_snapshot {
  pid_t tid = 0;
  std::string name;
  char state = '?';                    ///< before it was asked: R running, S sleeping, D disk ...
  std::uint64_t cpu_ns = 0;            ///< used since it began
  std::vector<std::uintptr_t> frames;  ///< as profile_sample::frames
  task_mark mark;                      ///< holds where it answered
  std::string silence;  ///< why there are no frames: "blocks signals", "did not answer"; else empty
  std::optional<thread_info> start;  ///< who started it, where pthread_create is ours
};

/// Looks at all threads, the calling one too, by a signal (stack_request.hpp) that each
/// answers with its stack. A blocked system call of a thread may end early with EINTR. Takes
/// some 20 us a thread, and `limit` where one does not answer; threads that block the
/// signal are not waited for (5 ms, all together), and hardly those that have not answered
/// the last look at them (20 ms). One look at a time; others wait. [thread-safe]
[[nodiscard]] std::vector<thread_snapshot> read_thread_stacks(
    std::chrono::milliseconds limit = std::chrono::seconds(1));

/// The same for some threads, without `start`. Those that have ended are left out; the
/// others come in the order of `tids`. [thread-safe]
[[nodiscard]] std::vector<thread_snapshot> look_at_threads(std::span<const pid_t> tids,
                                                           std::chrono::milliseconds limit);

/// The threads of this process, in ascending order but for wrapped numbers. Empty where
/// /proc cannot be read. [thread-safe]
[[nodiscard]] std::vector<pid_t> list_threads();

}  // namespace taskworker::profiling
