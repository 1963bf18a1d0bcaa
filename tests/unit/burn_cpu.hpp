// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <ctime>

/// CPU time used so far.
inline std::chrono::nanoseconds read_cpu_clock(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

/// Keeps the calling thread busy for so much CPU time of its own, however long that takes.
[[gnu::noinline]] inline void burn_cpu(std::chrono::nanoseconds time) {
  const auto end = read_cpu_clock(CLOCK_THREAD_CPUTIME_ID) + time;
  while (read_cpu_clock(CLOCK_THREAD_CPUTIME_ID) < end) {
    for (int i = 0; i < 10'000; ++i) asm volatile("");
  }
}
