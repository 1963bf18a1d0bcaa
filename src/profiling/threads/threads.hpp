// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "profiling/running_task.hpp"
#include "profiling/stack.hpp"

namespace taskworker::profiling {

/// A thread of this process that was started through pthread_create, as
/// std::thread, Asio and strategies do.
struct thread_info {
  std::uint64_t number = 0;      ///< counts the threads started, from 1
  pid_t tid = 0;                 ///< 0 until it has begun to run
  std::uint64_t started_ns = 0;  ///< CLOCK_MONOTONIC
  stack started_by;              ///< the stack that called pthread_create
  task_mark started_in;          ///< whom the thread worked for that called it
};

/// The threads that are alive now, oldest first; one that was joined is gone. Not
/// the main thread, nor what the C library or the allocator start for themselves.
///
/// The executable defines pthread_create itself and chains to the C library's, so
/// a thread is seen whoever starts it; its record lives in a table of fixed size
/// (threads.cpp) and costs no allocation. A child of fork() still sees the table
/// of its parent. In builds where the interposition is out (sanitizers that clash
/// with it: threads_none.cpp) the list is empty. [thread-safe]
[[nodiscard]] std::vector<thread_info> live_threads();

/// Threads that were started while the table was full: they run, unseen by
/// live_threads(). [thread-safe]
[[nodiscard]] std::uint64_t unrecorded_threads() noexcept;

/// False in builds where pthread_create is not interposed.
[[nodiscard]] bool threads_are_recorded() noexcept;

}  // namespace taskworker::profiling
