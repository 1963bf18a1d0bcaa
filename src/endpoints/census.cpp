// SPDX-License-Identifier: MIT
#include "endpoints/census.hpp"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>
#include <map>
#include <span>
#include <utility>

#include "metrics/tick_clock.hpp"
#include "metrics/units.hpp"
#include "profiling/symbols/source_place.hpp"
#include "profiling/synthetic_frame.hpp"

namespace taskworker::endpoints {
namespace {

using metrics::counted;
using profiling::profile;
using profiling::profile_builder;
using profiling::synthetic_frame;

profile empty_count() {
  return {.sample_types = {{"goroutine", "count"}},
          .period_type = {"goroutine", "count"},
          .period = 1,
          .time_ns = profiling::time_since_epoch_ns()};
}

std::vector<profiling::label> labels_of(const profiling::sample_labels &labels, const char *kind,
                                        const std::string &thread,
                                        const profiling::task_mark &mark) {
  auto all = labels.of(thread, mark);
  all.push_back({"kind", kind});
  return all;
}

std::vector<std::uintptr_t> frames_of(const profiling::thread_snapshot &thread) {
  if (!thread.frames.empty()) return thread.frames;
  return {address_of(synthetic_frame::no_answer)};
}

/// What tells groups of jobs, or of threads, apart: who started them.
struct start_place {
  std::vector<std::uintptr_t> frames;
  std::uint32_t worker = 0;
  std::uint32_t operation = 0;
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy takes the comparison's 0 for a pointer
  friend auto operator<=>(const start_place &, const start_place &) = default;

  [[nodiscard]] profiling::task_mark mark() const { return {worker, operation}; }
};

/// A hundred thousand jobs are in some dozen groups: labels are made for each of these only.
template <typename Started>
std::map<start_place, std::int64_t> group(const std::vector<Started> &all) {
  std::map<start_place, std::int64_t> counts;
  for (const Started &each : all) {
    const auto starters = each.started_by.addresses();
    ++counts[{
        {starters.begin(), starters.end()}, each.started_in.worker, each.started_in.operation}];
  }
  return counts;
}

std::vector<std::uintptr_t> from_own(const std::vector<std::uintptr_t> &frames,
                                     const std::function<bool(std::uintptr_t frame)> &is_own) {
  const auto first = std::find_if(frames.begin(), frames.end(), is_own);
  return first == frames.end() ? frames : std::vector(first, frames.end());
}

// ---- Text ---------------------------------------------------------------------------

std::string in_time(std::uint64_t ns) { return metrics::in_time(static_cast<double>(ns) * 1e-9); }

std::string state_in_words(char state) {
  switch (state) {
    case 'R':
      return "running";
    case 'S':
      return "sleeping";
    case 'D':
      return "waiting for a device";
    case 'T':
    case 't':
      return "stopped";
    case 'Z':
    case 'X':
      return "ended";
    default:
      return std::string("state ") + state;
  }
}

std::string mark_in_words(const profiling::task_mark &mark) {
  if (mark.worker == profiling::task_mark::none) return "";
  std::string text = "worker " + std::to_string(mark.worker);
  if (mark.is_in_task()) text += ", task " + std::to_string(mark.task);
  return text;
}

std::uint64_t age(std::uint64_t since, std::uint64_t now) { return now > since ? now - since : 0; }

class description {
 public:
  description(const census &found, profiling::symbols &names) : found_(found), names_(names) {}

  std::string text() {
    text_ =
        counted(found_.threads.size(), "thread") + ", " + counted(found_.jobs.size(), "job") + '\n';
    for (const auto &task : found_.stuck) text_ += "stuck: " + task + '\n';
    for (const auto &thread : found_.threads) add(thread);
    for (const auto &job : found_.jobs) add(job);
    for (const auto &[stack, count] : jobs_of_) {
      if (count <= longest_list) continue;
      text_ += "\nand " + std::to_string(count - longest_list) + " more jobs started at:\n";
      add_frames(stack);
    }
    return std::move(text_);
  }

 private:
  void add(const profiling::thread_snapshot &thread) {
    text_ += "\nthread " + std::to_string(thread.tid) + " \"" + thread.name + "\" [" +
             state_in_words(thread.state) + ", " + in_time(thread.cpu_ns) + " of CPU";
    if (thread.start) {
      text_ += ", started " + in_time(age(thread.start->started_ns, found_.now_ns)) + " ago";
    }
    const std::string task = mark_in_words(thread.mark);
    text_ += (task.empty() ? "" : ", " + task) + "]:\n";
    if (thread.frames.empty()) text_ += "\t(no stack: " + thread.silence + ")\n";
    add_frames(thread.frames);
    if (!thread.start) return;
    const std::string starter = mark_in_words(thread.start->started_in);
    text_ += "started" + (starter.empty() ? "" : " by " + starter) + " at:\n";
    add_frames(thread.start->started_by.addresses());
  }

  void add(const worker::job_info &job) {
    const auto starters = job.started_by.addresses();
    std::vector<std::uintptr_t> stack(starters.begin(), starters.end());
    if (++jobs_of_[stack] > longest_list) return;
    const std::string starter = mark_in_words(job.started_in);
    text_ += "\njob " + std::to_string(job.id) + " [every " + in_time(job.period_ns) +
             ", started " + in_time(age(job.started_ns, found_.now_ns)) + " ago" +
             (starter.empty() ? "" : " by " + starter) + ", " + std::to_string(job.runs) + " runs" +
             (job.last_run_ns == 0
                  ? ""
                  : ", the last " + in_time(age(job.last_run_ns, found_.now_ns)) + " ago") +
             "], started at:\n";
    add_frames(stack);
  }

  void add_frames(std::span<const std::uintptr_t> frames) {
    for (const std::uintptr_t frame : frames) {
      const auto resolved = names_.resolve(frame);
      for (const auto &place : resolved->places) add_place(place);
    }
  }

  void add_place(const profiling::source_place &place) {
    std::array<char, 32> offset{};
    std::snprintf(offset.data(), offset.size(), "+0x%" PRIxPTR, place.offset);
    text_ += place.function.empty() ? "(unknown function)" : place.function;
    text_ += "\n\t";
    text_ += place.file.empty() ? place.module + offset.data()
                                : place.file + ":" + std::to_string(place.line);
    text_ += '\n';
  }

  const census &found_;
  profiling::symbols &names_;
  std::string text_;
  std::map<std::vector<std::uintptr_t>, std::size_t> jobs_of_;
};

}  // namespace

census take_census(const worker::session &session, census_of whom) {
  census found{.now_ns = metrics::tick_clock::monotonic_ns()};
  if (whom != census_of::jobs) {
    found.threads = profiling::read_thread_stacks();
    for (const auto &task : session.overdue_tasks()) {
      found.stuck.push_back(worker::describe(task, session.operation_names()));
    }
  }
  if (whom != census_of::threads) found.jobs = session.jobs();
  return found;
}

profile count_stacks(const census &found, const profiling::sample_labels &labels) {
  profile_builder builder(empty_count());
  for (const auto &thread : found.threads) {
    builder.add({frames_of(thread), {1}, labels_of(labels, "thread", thread.name, thread.mark)});
  }
  for (const auto &[start, count] : group(found.jobs)) {
    std::vector<std::uintptr_t> frames{address_of(synthetic_frame::job)};
    frames.insert(frames.end(), start.frames.begin(), start.frames.end());
    builder.add({std::move(frames), {count}, labels_of(labels, "job", "tw-jobs", start.mark())});
  }
  return builder.take();
}

profile count_left_behind(const worker::left_behind &found, const profiling::sample_labels &labels,
                          const std::function<bool(std::uintptr_t frame)> &is_own) {
  profile empty = empty_count();
  empty.comments = {found.is_stopped
                        ? "the strategy is stopped: what is left of it has leaked"
                        : "what was started inside a task and lives 10 s after that task ended"};
  profile_builder builder(std::move(empty));
  const auto add = [&](const char *kind, const auto &started) {
    for (const auto &[start, count] : group(started)) {
      auto all = labels_of(labels, kind, "none", start.mark());
      all.push_back({"leak", found.is_stopped ? "leaked" : "suspect"});
      builder.add({from_own(start.frames, is_own), {count}, std::move(all)});
    }
  };
  add("thread", found.threads);
  add("job", found.jobs);
  return builder.take();
}

std::string describe(const census &found, profiling::symbols &names) {
  return description(found, names).text();
}

}  // namespace taskworker::endpoints
