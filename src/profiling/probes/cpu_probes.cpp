// SPDX-License-Identifier: MIT
#include "profiling/probes/cpu_probes.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <string>

#include "metrics/units.hpp"
#include "profiling/cpu/cpu_profiler.hpp"
#include "profiling/cpu/sampler.hpp"
#include "profiling/synthetic_frame.hpp"

namespace taskworker::profiling {
namespace {

using metrics::counted;
using metrics::in_time;
using metrics::with_commas;

// So many threads a strategy may well have, if it is a bad one.
constexpr std::uint64_t many_threads = 1000;

// What timers may be late by at each end of a profile: CONFIG_HZ=100.
constexpr std::uint64_t slowest_tick_ns = 10'000'000;

// With fewer no share can be told.
constexpr std::uint64_t least_stacks = 5;

constexpr double most_broken = 0.05;

std::chrono::nanoseconds read_clock(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

std::uint64_t count_ns(std::chrono::nanoseconds time) {
  return static_cast<std::uint64_t>(time.count());
}

double seconds(std::uint64_t ns) { return static_cast<double>(ns) * 1e-9; }

int compare(const void *left, const void *right) {
  const auto a = *static_cast<const std::uint32_t *>(left);
  const auto b = *static_cast<const std::uint32_t *>(right);
  return a < b ? -1 : a > b ? 1 : 0;
}

void burn_cpu(std::chrono::nanoseconds cpu_time, std::chrono::nanoseconds limit) {
  const auto cpu_end = read_clock(CLOCK_THREAD_CPUTIME_ID) + cpu_time;
  const auto end = read_clock(CLOCK_MONOTONIC) + limit;
  std::array<std::uint32_t, 4096> numbers{};
  std::uint32_t seed = 1;
  while (read_clock(CLOCK_THREAD_CPUTIME_ID) < cpu_end && read_clock(CLOCK_MONOTONIC) < end) {
    for (auto &each : numbers) each = seed = seed * 1'664'525 + 1'013'904'223;
    std::qsort(numbers.data(), numbers.size(), sizeof numbers.front(), compare);
  }
}

void add_samples(short_profile &taken, const profile &sampled) {
  for (const auto &sample : sampled.samples) {
    const auto stacks = static_cast<std::uint64_t>(sample.values.front());
    taken.seen_ns += static_cast<std::uint64_t>(sample.values.back());
    taken.stacks += stacks;
    const bool is_broken = !sample.frames.empty() &&
                           sample.frames.back() == address_of(synthetic_frame::unwind_failed);
    if (is_broken) taken.broken_stacks += stacks;
  }
}

const char *const signals_advice =
    "raise the limit: ulimit -i 20000, LimitSIGPENDING= of a systemd unit, or --ulimit "
    "sigpending=20000 of docker run";

}  // namespace

short_profile take_short_profile(std::chrono::nanoseconds cpu_time,
                                 std::chrono::nanoseconds limit) {
  short_profile taken;
  cpu_profiler profiler(sample_labels("doctor", {}), {.keeps_history = false});
  const auto began = read_clock(CLOCK_MONOTONIC);
  const auto cpu_before = read_clock(CLOCK_PROCESS_CPUTIME_ID);
  auto window = profiler.open(cpu_profiler::max_hz);
  burn_cpu(cpu_time, limit);
  const sampler_figures sampler = read_sampler_figures();
  const profile sampled = window.finish();
  taken.used_ns = count_ns(read_clock(CLOCK_PROCESS_CPUTIME_ID) - cpu_before);
  taken.elapsed_ns = count_ns(read_clock(CLOCK_MONOTONIC) - began);
  taken.threads = sampler.threads;
  taken.threads_without = sampler.threads_without;
  add_samples(taken, sampled);
  return taken;
}

probe_result judge_cpu_timers(const short_profile &taken, const metrics::machine_figures &machine,
                              const run_needs &needs) {
  constexpr auto name = "CPU timers";
  const std::string no_perf = "; perf_event_open is not needed, whatever perf_event_paranoid says";
  if (taken.threads_without > 0) {
    return unmet(name,
                 "refused to " + std::to_string(taken.threads_without) + " of " +
                     counted(taken.threads + taken.threads_without, "thread") +
                     ": the limit of pending signals is reached",
                 signals_advice);
  }
  if (!machine.signals_limit) return passed(name, "each thread has one, no limit" + no_perf);
  const std::uint64_t limit = *machine.signals_limit;
  const std::uint64_t room = limit - std::min(limit, machine.signals_queued);
  const std::string found = "each thread has one, with room for " + with_commas(room) +
                            " in all (limit of pending signals)";
  if (room < needs.threads) {
    return unmet(name, found + "; a run takes " + with_commas(needs.threads), signals_advice);
  }
  if (room < many_threads) {
    return warned(name, found + ": with more threads some are not sampled", signals_advice);
  }
  return passed(name, found + no_perf);
}

probe_result judge_cpu_time(const short_profile &taken) {
  constexpr auto name = "CPU profile";
  const std::string found = "has " + in_time(seconds(taken.seen_ns)) + " of " +
                            in_time(seconds(taken.used_ns)) + " used, in " +
                            counted(taken.stacks, "sample");
  if (taken.stacks == 0 && taken.threads_without > 0) {
    return unmet(name, found, "see CPU timers above");
  }
  if (taken.stacks == 0) {
    return unmet(name, found,
                 "no timer has fired: a sandbox (seccomp, gVisor) may keep timer_create or its "
                 "signals back; allow them");
  }
  const std::uint64_t off =
      std::max(taken.seen_ns, taken.used_ns) - std::min(taken.seen_ns, taken.used_ns);
  if (off <= taken.used_ns / 10 + 2 * slowest_tick_ns) return passed(name, found);
  return warned(name, found + ", which do not agree",
                "ask again on a quiet machine; a virtual machine may count the time that was "
                "stolen from it as used");
}

probe_result judge_unwinding(const short_profile &taken) {
  constexpr auto name = "unwinding";
  if (taken.stacks < least_stacks) {
    return warned(name, "not tried: " + counted(taken.stacks, "stack") + " only",
                  "see CPU profile above, or ask again on a quiet machine");
  }
  const std::string found = counted(taken.stacks - taken.broken_stacks, "stack") + " of " +
                            with_commas(taken.stacks) +
                            " read to where the thread began, through the C library";
  const double share = static_cast<double>(taken.broken_stacks) / static_cast<double>(taken.stacks);
  if (share <= most_broken) return passed(name, found);
  return warned(name, found + "; flame graphs show the others under [stack not readable further]",
                "code needs its unwind tables: build it without "
                "-fno-asynchronous-unwind-tables, and keep .eh_frame");
}

}  // namespace taskworker::profiling
