// SPDX-License-Identifier: MIT
#pragma once

#include <signal.h>

#include <cstddef>

namespace taskworker::profiling {

/// A stack of its own for the signal handlers of the calling thread, while it lives: what a
/// thread that has used up its own stack needs to tell of it. Of the thread that made it. Where
/// there is no memory for one, handlers stay on the thread's stack. Threads that start while
/// threads are recorded (threads.hpp), of the host and of strategies, have one from the start.
class alternate_stack {
 public:
  alternate_stack() noexcept;
  ~alternate_stack();
  alternate_stack(const alternate_stack &) = delete;
  alternate_stack &operator=(const alternate_stack &) = delete;

 private:
  const std::size_t size_;
  void *const memory_;
  stack_t before_{};
};

}  // namespace taskworker::profiling
