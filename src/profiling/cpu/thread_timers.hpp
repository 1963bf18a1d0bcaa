// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>
#include <cstdint>

namespace taskworker::profiling {

/// A timer for each thread of the process, on the thread's CPU clock, that sends SIGPROF to
/// it. The first delay is random, in (0, period], so that threads which live shorter than a
/// period count as they should. Used by sampler.hpp alone.
///
/// A thread whose begin and end are told holds its timer in a table of fixed size: nothing is
/// allocated and no lock taken on the way. All others (the main thread, threads older than
/// the sampling, builds without our pthread_create) are given theirs by scan().
namespace thread_timers {

/// Sets the period of all timers, at which their delay begins anew; 0 stops them. One
/// thread at a time; the same that calls scan().
void set_period(std::uint64_t period_ns);

/// CPU nanoseconds between two signals, 0 = stopped. Async-signal-safe.
[[nodiscard]] std::uint64_t period() noexcept;

/// Gives timers to threads that have none and takes back those of threads that ended.
void scan();

struct figures {
  std::uint64_t with_timer = 0;
  std::uint64_t without_timer = 0;  ///< the system gave none: RLIMIT_SIGPENDING
};

/// As of the last scan. [thread-safe]
[[nodiscard]] figures read() noexcept;

/// On a new thread. Does nothing while timers are stopped.
void begin_thread() noexcept;

/// A signal of the calling thread's own timer stood for so many periods. Async-signal-safe.
void count_ticks(std::uint32_t ticks) noexcept;

/// On a thread that ends: its timer is gone. The periods that it has used and no signal came
/// for: Linux looks at CPU timers only at its own tick, and the more threads take turns on a
/// core, the less often one of them meets it.
[[nodiscard]] std::uint32_t end_thread() noexcept;

/// True for a signal of the calling thread's timer that counts. Async-signal-safe.
[[nodiscard]] bool has_sent(const siginfo_t &signal) noexcept;

}  // namespace thread_timers
}  // namespace taskworker::profiling
