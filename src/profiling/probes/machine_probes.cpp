// SPDX-License-Identifier: MIT
#include "profiling/probes/machine_probes.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "metrics/tick_clock.hpp"
#include "metrics/units.hpp"
#include "strategy/version.hpp"

namespace taskworker::profiling {
namespace {

using metrics::counted;
using metrics::in_bytes;
using metrics::in_time;
using metrics::rounded;
using metrics::with_commas;

// Main, control, jobs, two of HTTP, the two profilers; and one at work for a request.
constexpr std::uint64_t threads_beside_workers = 8;

// Some 30 of the program, and what the HTTP server accepts (http/limits.hpp), doubled.
constexpr std::uint64_t usual_open_files = 200;

// What the strategy bad leaves behind at most, unless it is told otherwise.
constexpr std::uint64_t threads_of_bad = 1000;
constexpr std::uint64_t memory_of_bad = std::uint64_t{512} << 20;

// A clock that is read twice a task must not be what is measured: the kernel's fast ones
// take 10 to 60 ns, one that needs a system call or a device 200 and more.
constexpr double slow_read_ns = 150;

std::string for_run(const run_needs &needs) {
  return "a run with " + counted(needs.workers, "worker");
}

struct thread_room {
  std::uint64_t threads = 0;
  std::string source;
  std::string advice;
};

// How many of the user's threads there are already is not to be had at a fair price.
std::optional<thread_room> find_thread_room(const metrics::machine_figures &machine) {
  std::optional<thread_room> least;
  if (machine.threads_limit) {
    least = {*machine.threads_limit, "the user's limit (ulimit -u)",
             "raise it: ulimit -u, or LimitNPROC= of a systemd unit"};
  }
  const auto &group = machine.group.threads;
  if (group && (!least || group->left() < least->threads)) {
    least = {group->left(), "what is left of the control group's limit (pids.max)",
             "raise it: TasksMax= of a systemd unit, or --pids-limit of docker run"};
  }
  return least;
}

struct memory_room {
  std::uint64_t bytes = 0;
  std::string source;
};

std::optional<memory_room> find_memory_room(const metrics::machine_figures &machine) {
  std::optional<memory_room> least;
  if (machine.memory_available) least = {*machine.memory_available, "available"};
  const auto &group = machine.group.memory;
  if (group && (!least || group->left() < least->bytes)) {
    least = {group->left(), "left of the control group's " + in_bytes(group->most) +
                                ", beyond which it is killed"};
  }
  return least;
}

std::string describe_cpus(const metrics::machine_figures &machine) {
  const std::string cpus = counted(machine.cpus, "CPU");
  const bool has_quota = machine.usable_cpus() < static_cast<double>(machine.cpus);
  return has_quota ? "the time of " + rounded(machine.usable_cpus()) + " of " + cpus +
                         ", by the quota of the control group"
                   : cpus;
}

std::string sanitizers_of_compiler() {
  std::string names;
#if defined(__SANITIZE_ADDRESS__)
  names += " address";
#endif
#if defined(__SANITIZE_THREAD__)
  names += " thread";
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
  names += " address";
#endif
#if __has_feature(thread_sanitizer) && !defined(__SANITIZE_THREAD__)
  names += " thread";
#endif
#if __has_feature(memory_sanitizer)
  names += " memory";
#endif
#endif
  return names.empty() ? names : names.substr(1);
}

}  // namespace

run_needs needs_of_run(std::uint32_t workers) {
  return {workers, workers + threads_beside_workers, usual_open_files};
}

build_figures read_build() {
#if defined(__OPTIMIZE__)
  constexpr bool is_optimized = true;
#else
  constexpr bool is_optimized = false;
#endif
  return {strategy::program_build_type, sanitizers_of_compiler(), is_optimized};
}

clock_figures measure_clock() {
  constexpr int reads = 10'000;
  const std::uint64_t began = metrics::tick_clock::monotonic_ns();
  for (int i = 0; i < reads; ++i) static_cast<void>(metrics::tick_clock::now());
  const std::uint64_t passed = metrics::tick_clock::monotonic_ns() - began;
  return {metrics::tick_clock::uses_tsc(), static_cast<double>(passed) / reads};
}

// ---- Limits -----------------------------------------------------------------------------

probe_result judge_open_files(const metrics::machine_figures &machine, const run_needs &needs) {
  constexpr auto name = "open files";
  if (!machine.open_files_limit) return passed(name, "no limit");
  const std::uint64_t limit = *machine.open_files_limit;
  const std::string found = with_commas(limit) +
                            " may be open; a run with its endpoints takes up to " +
                            with_commas(needs.open_files);
  if (limit >= needs.open_files) return passed(name, found);
  return unmet(name, found,
               "raise the limit: ulimit -n " + std::to_string(needs.open_files) +
                   ", or LimitNOFILE= of a systemd unit");
}

probe_result judge_threads(const metrics::machine_figures &machine, const run_needs &needs) {
  constexpr auto name = "threads";
  const auto room = find_thread_room(machine);
  if (!room) return passed(name, "no limit");
  const std::string found = with_commas(room->threads) + " by " + room->source + "; " +
                            for_run(needs) + " takes " + with_commas(needs.threads);
  if (room->threads < needs.threads) return unmet(name, found, room->advice);
  if (room->threads < needs.threads + threads_of_bad) {
    return warned(name, found + ", and bad leaks up to " + with_commas(threads_of_bad),
                  room->advice + "; or run bad with --strategy-opt=leak-limit-threads=100");
  }
  return passed(name, found);
}

probe_result judge_memory(const metrics::machine_figures &machine) {
  constexpr auto name = "memory";
  const auto room = find_memory_room(machine);
  if (!room) return passed(name, "the kernel does not tell how much there is");
  const std::string found = in_bytes(room->bytes) + " " + room->source;
  if (room->bytes >= memory_of_bad) return passed(name, found);
  return warned(name, found + "; bad may take " + in_bytes(memory_of_bad),
                "close programs or raise the limit (MemoryMax= of a systemd unit, -m of docker "
                "run); or let fewer tasks run: --tasks");
}

probe_result judge_cpus(const metrics::machine_figures &machine, const run_needs &needs) {
  constexpr auto name = "CPUs";
  const double usable = machine.usable_cpus();
  const std::string found = describe_cpus(machine) + " for " + counted(needs.workers, "worker");
  if (usable >= static_cast<double>(needs.workers)) return passed(name, found);
  const auto fitting = static_cast<std::uint64_t>(std::max(std::floor(usable), 1.0));
  return warned(name, found + ": the times of tasks include waiting for a CPU",
                "to measure single tasks, take --workers=" + std::to_string(fitting));
}

// ---- Noise ------------------------------------------------------------------------------

probe_result judge_build(const build_figures &build) {
  constexpr auto name = "build";
  if (!build.sanitizers.empty()) {
    return warned(name, build.type + ", with sanitizers (" + build.sanitizers + ")",
                  "for finding errors, not for measuring: build without -Db_sanitize");
  }
  if (!build.is_optimized) {
    return warned(name, build.type + ", not optimized",
                  "to measure, build with: meson setup --buildtype=release");
  }
  return passed(name, build.type + ", optimized, no sanitizers");
}

probe_result judge_clock(const clock_figures &clock) {
  constexpr auto name = "clock";
  const std::string found =
      (clock.uses_tsc ? "the processor's time stamp counter, "
                      : "CLOCK_MONOTONIC (the kernel does not trust a time stamp counter), ") +
      in_time(clock.ns_per_read * 1e-9) + " a read";
  if (clock.ns_per_read < slow_read_ns) return passed(name, found);
  return warned(name, found + ", which adds to the time of each task",
                "compare short tasks on another machine; the kernel's choice stands in "
                "/sys/devices/system/clocksource/clocksource0/current_clocksource");
}

probe_result judge_load(const metrics::machine_figures &machine) {
  constexpr auto name = "load";
  const std::string found = rounded(machine.load) + " threads at work on " +
                            counted(machine.cpus, "CPU") + " in the last minute";
  if (machine.load <= static_cast<double>(machine.cpus)) return passed(name, found);
  return warned(name, found + ": what is measured now will wobble",
                "wait, or close programs; top shows which");
}

probe_result judge_throttling(const metrics::machine_figures &machine) {
  constexpr auto name = "throttling";
  const auto &group = machine.group;
  if (group.throttled_periods == 0) return passed(name, "no quota has held up this control group");
  return warned(name,
                "the CPU quota has held up this control group in " +
                    with_commas(group.throttled_periods) + " of " + with_commas(group.periods) +
                    " periods",
                "raise the quota (CPUQuota= of a systemd unit, --cpus of docker run), or take "
                "fewer workers");
}

probe_result judge_governor(std::string_view governor) {
  constexpr auto name = "clock frequency";
  if (governor.empty()) {
    return passed(name, "the kernel does not tell, as on most virtual machines");
  }
  const std::string found = "governor " + std::string(governor);
  if (governor == "performance") return passed(name, found);
  return warned(name, found + ": the frequency follows the work",
                "to measure, hold it: cpupower frequency-set -g performance");
}

}  // namespace taskworker::profiling
