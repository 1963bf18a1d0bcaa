// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>

#include "profiling/cpu/stack_sample.hpp"

namespace taskworker::profiling {

/// Interrupts each thread of the process after every so much CPU time of its own
/// (timer_create on the thread's CPU clock, SIGPROF) and keeps its stack. There is one in a
/// process: its functions are free.
///
/// The handler takes no lock, allocates nothing, keeps errno, survives a fault of the
/// unwinder (stack.hpp) and writes to a ring of fixed size that all threads
/// share (sample_ring.hpp). Once installed, the handler stays for good: a late SIGPROF must
/// not kill the process; one that no timer of ours has sent is ignored.
///
/// New threads get their timer as they start, where pthread_create is ours (threads.hpp),
/// else with the next scan_threads(), which also takes back those of threads that ended.
/// A fork()ed child has no timers.
///
/// set_sampling_period(), scan_threads() and drain_samples() belong to one thread at a time,
/// that of cpu_profiler.

/// What the sampler has seen of itself since the process began.
struct sampler_figures {
  std::uint64_t samples = 0;
  std::uint64_t lost_ticks = 0;       ///< no room to keep the sample
  std::uint64_t overruns = 0;         ///< ticks that came while the signal waited
  std::uint64_t faults = 0;           ///< stacks that ended in a fault of the unwinder
  std::uint64_t handler_ns = 0;       ///< CPU time of the signal handler
  std::uint64_t threads = 0;          ///< that have a timer now
  std::uint64_t threads_without = 0;  ///< that the system gave no timer (RLIMIT_SIGPENDING)
};

/// Sets the CPU time between two samples of a thread, for all threads from now on. 0 stops
/// the timers. Below the kernel's tick (4 ms at CONFIG_HZ=250) samples carry several ticks.
void set_sampling_period(std::uint64_t period_ns);

/// Looks for threads without a timer and for timers without a thread.
void scan_threads();

/// Hands over what was sampled since the last call, in about the order of time, then
/// forgets it. The sample is valid during the call.
void drain_samples(const std::function<void(const stack_sample &)> &take);

/// [thread-safe]
[[nodiscard]] sampler_figures read_sampler_figures() noexcept;

/// To be called on each new thread before its own code runs, and as it ends: its last CPU
/// time, for which no signal came, is then sampled too. Also while sampling is off. No lock,
/// nothing allocated.
void sampler_thread_began() noexcept;
void sampler_thread_ends() noexcept;

}  // namespace taskworker::profiling
