// SPDX-License-Identifier: MIT
#pragma once

#include "profiling/profile.hpp"
#include "profiling/stack.hpp"

namespace taskworker::profiling {

/// By the stack that called pthread_create: how many threads it has started since the
/// process began (threadcreate/count), ended ones too. Without samples in builds where
/// pthread_create is not interposed (threads.hpp). [thread-safe]
[[nodiscard]] profile read_thread_starts();

/// For the interposed pthread_create: allocates nothing, takes no lock. [thread-safe]
void count_thread_start(const stack &started_by) noexcept;

}  // namespace taskworker::profiling
