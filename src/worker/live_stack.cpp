// SPDX-License-Identifier: MIT
#include "worker/live_stack.hpp"

#include <sys/types.h>

#include <algorithm>
#include <chrono>

#include "profiling/threads/thread_stacks.hpp"

namespace taskworker::worker {
namespace {

constexpr auto patience = std::chrono::seconds(1);

bool is_in(const stuck_task &task, const profiling::task_mark &mark) {
  return mark.is_in_task() && mark.worker == task.worker && mark.task == task.id;
}

// The loops of the host's threads: a dozen long lines that are the same for every task and job.
// By the function where no line is known, by the file where Clang names no namespace.
bool is_of_loop(const profiling::source_place &place) {
  return place.function.starts_with("boost::asio::") ||
         place.file.find("/boost/asio/") != place.file.npos;
}

bool is_of_c_library(const profiling::source_place &place) {
  return place.module.substr(place.module.rfind('/') + 1).starts_with("libc.so");
}

// Nothing but the C library's wait stands between the thread and its loop, or nothing is known.
bool is_idle(std::span<const std::uintptr_t> frames, profiling::symbols &names) {
  for (const std::uintptr_t frame : frames) {
    const auto resolved = names.resolve(frame);
    for (const auto &place : resolved->places) {
      if (is_of_loop(place)) return true;
      if (!is_of_c_library(place)) return false;
    }
  }
  return true;
}

}  // namespace

std::vector<std::string> describe_stack(std::span<const std::uintptr_t> frames,
                                        profiling::symbols &names) {
  std::vector<std::string> lines;
  for (const std::uintptr_t frame : frames) {
    const auto resolved = names.resolve(frame);
    for (const auto &place : resolved->places) {
      if (!lines.empty() && is_of_loop(place)) return lines;
      lines.push_back(profiling::describe(place));
    }
  }
  return lines;
}

void read_stacks(std::vector<stuck_task> &tasks, profiling::symbols &names) {
  std::vector<pid_t> threads;
  for (const stuck_task &each : tasks) threads.push_back(each.thread);
  const auto found = profiling::look_at_threads(threads, patience);
  for (stuck_task &each : tasks) {
    const auto its = std::find_if(found.begin(), found.end(),
                                  [&](const auto &seen) { return seen.tid == each.thread; });
    if (its != found.end() && is_in(each, its->mark)) {
      each.stack = describe_stack(its->frames, names);
    }
  }
}

std::vector<stuck_thread> read_stacks(std::span<const char *const> thread_names,
                                      profiling::symbols &names) {
  std::vector<stuck_thread> threads;
  for (const auto &seen : profiling::read_thread_stacks(patience)) {
    const bool is_wanted =
        std::find(thread_names.begin(), thread_names.end(), seen.name) != thread_names.end();
    if (is_wanted && !is_idle(seen.frames, names)) {
      threads.push_back({seen.name, describe_stack(seen.frames, names)});
    }
  }
  return threads;
}

}  // namespace taskworker::worker
