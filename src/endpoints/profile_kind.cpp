// SPDX-License-Identifier: MIT
#include "endpoints/profile_kind.hpp"

#include <memory>
#include <numeric>
#include <utility>

#include "endpoints/census.hpp"
#include "profiling/contention/contention.hpp"
#include "profiling/heap/heap.hpp"
#include "profiling/heap/peak_heap.hpp"
#include "profiling/threads/thread_starts.hpp"
#include "profiling/threads/wall_profiler.hpp"

namespace taskworker::endpoints {
namespace {

using profiling::profile;

constexpr std::chrono::seconds usual_time{30};

/// Wraps what finishes by itself when it is destroyed. std::function wants to copy.
template <typename InProgress>
profile_in_progress in_progress(InProgress started) {
  auto shared = std::make_shared<InProgress>(std::move(started));
  return [shared] { return shared->finish(); };
}

std::int64_t sum_of(const profile &counted, std::size_t column) {
  return std::accumulate(
      counted.samples.begin(), counted.samples.end(), std::int64_t{0},
      [column](std::int64_t sum, const auto &sample) { return sum + sample.values[column]; });
}

// As Go's debug=1 texts begin.
std::string total_line(const char *name, const profile &counted) {
  return std::string(name) + " profile: total " + std::to_string(sum_of(counted, 0));
}

profile_kind cpu_kind(const run_view &run) {
  return {
      .name = "profile",
      .summary =
          "CPU: where threads use processor time, for the next seconds or the last ones "
          "(last=60). What waits or sleeps is not in it.",
      .parameters = {"seconds", "last", "hz", "debug"},
      .max_hz = profiling::cpu_profiler::max_hz,
      .begin =
          [run](const profile_query &query) {
            return in_progress(
                run.cpu.open(query.hz.value_or(profiling::cpu_profiler::default_hz)));
          },
      .default_time = usual_time,
      .look_back = [run](std::chrono::seconds time) { return run.cpu.last(time); },
      .table_column = 1,
  };
}

profile_kind wall_kind(const run_view &run) {
  return {
      .name = "wall",
      .summary =
          "Wall clock: where threads spend time, running or not. Looking at a thread "
          "may end a system call of its own early (EINTR).",
      .parameters = {"seconds", "hz", "debug"},
      .max_hz = profiling::wall_profiler::max_hz,
      .begin = [run](const profile_query &query) -> profile_in_progress {
        auto started = std::make_shared<profiling::wall_profiler>(
            run.labels, query.hz.value_or(profiling::wall_profiler::default_hz));
        return [started] { return started->finish(); };
      },
      .default_time = usual_time,
      .table_column = 1,
  };
}

profile read_heap(const run_view &run, const profile_query &query) {
  return query.peak ? run.session.peak_heap().read() : profiling::read_heap_profile();
}

profile_kind heap_kind(const run_view &run) {
  return {
      .name = "heap",
      .summary =
          "Memory in use, by where it was allocated; estimated from samples. peak=1: at "
          "the moment when most was in use.",
      .parameters = {"seconds", "debug", "peak", "gc"},
      .read = [run](const profile_query &query) { return read_heap(run, query); },
      .table_column = 3,
  };
}

profile_kind allocs_kind(const run_view &run) {
  return {
      .name = "allocs",
      .summary =
          "All memory ever allocated, also what is free again: where the work of the "
          "allocator comes from.",
      .parameters = {"seconds", "debug"},
      .read =
          [run](const profile_query &query) {
            profile all = read_heap(run, query);
            all.default_sample_type = "alloc_space";
            return all;
          },
      .table_column = 1,
  };
}

// ---- Who is there ---------------------------------------------------------------------

/// Whether a frame is of the strategy's own code.
bool is_own(const run_view &run, std::uintptr_t frame) {
  const auto mapping = run.names.resolve(frame)->mapping;
  return mapping != nullptr && mapping->path == run.strategy.path();
}

profile read_census(const run_view &run, census_of whom, const profile_query &query) {
  if (!query.leaked) return count_stacks(take_census(run.session, whom), run.labels);
  return count_left_behind(run.session.find_left_behind(), run.labels,
                           [&run](std::uintptr_t frame) { return is_own(run, frame); });
}

profile_kind census_kind(const run_view &run, std::string_view name, std::string_view summary,
                         census_of whom) {
  return {
      .name = name,
      .summary = summary,
      .parameters = {"seconds", "debug"},
      .read = [run, whom](const profile_query &query) { return read_census(run, whom, query); },
      .head = [](const profile &counted) { return total_line("goroutine", counted); },
      .detail = [run, whom] { return describe(take_census(run.session, whom), run.names); },
  };
}

profile_kind goroutine_kind(const run_view &run) {
  auto kind = census_kind(run, "goroutine",
                          "Threads and jobs, with the stack of each. leaked=1: those that were "
                          "started inside a task which ended 10 s ago or more, by the line that "
                          "started them.",
                          census_of::all);
  kind.parameters.push_back("leaked");
  return kind;
}

profile_kind threadcreate_kind() {
  return {
      .name = "threadcreate",
      .summary = "Threads ever started, by the stack that started them.",
      .parameters = {"seconds", "debug"},
      .read = [](const profile_query &) { return profiling::read_thread_starts(); },
      .head = [](const profile &counted) { return total_line("threadcreate", counted); },
  };
}

// ---- Contention -----------------------------------------------------------------------

profile_kind mutex_kind() {
  return {
      .name = "mutex",
      .summary =
          "Time that threads waited for a mutex, by the stack that held it. Futexes used "
          "directly, spinning and I/O are not seen.",
      .parameters = {"seconds", "debug"},
      .read = [](const profile_query &) { return profiling::read_mutex_profile(); },
      .head =
          [](const profile &) {
            return std::string("--- mutex:\ncycles/second=1000000000\nsampling period=1");
          },
      .table_column = 1,
  };
}

profile_kind block_kind() {
  return {
      .name = "block",
      .summary =
          "Time that threads waited for a mutex or a condition variable, by the stack "
          "that waited.",
      .parameters = {"seconds", "debug"},
      .read = [](const profile_query &) { return profiling::read_block_profile(); },
      .head =
          [](const profile &) { return std::string("--- contention:\ncycles/second=1000000000"); },
      .table_column = 1,
  };
}

}  // namespace

std::vector<profile_kind> make_profile_kinds(const run_view &run) {
  return {
      cpu_kind(run),
      heap_kind(run),
      allocs_kind(run),
      goroutine_kind(run),
      census_kind(run, "threads", "Threads alone, where each is now.", census_of::threads),
      census_kind(run, "jobs", "Jobs alone, where each was started.", census_of::jobs),
      threadcreate_kind(),
      mutex_kind(),
      block_kind(),
      wall_kind(run),
  };
}

}  // namespace taskworker::endpoints
