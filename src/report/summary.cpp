// SPDX-License-Identifier: MIT
#include "report/summary.hpp"

#include <algorithm>
#include <chrono>

#include "metrics/tick_clock.hpp"
#include "metrics/units.hpp"

namespace taskworker::report {
using metrics::counted;
using metrics::in_bytes;
using metrics::in_time;
using metrics::rounded;
using metrics::with_commas;

namespace {

using worker::leak;
using worker::session_end;

std::uint64_t tasks_run(const worker::session_outcome &outcome) {
  return outcome.totals.durations().count;
}

double per_task(std::uint64_t amount, const worker::session_outcome &outcome) {
  const std::uint64_t tasks = tasks_run(outcome);
  return tasks == 0 ? 0 : static_cast<double>(amount) / static_cast<double>(tasks);
}

std::string pad_left(const std::string &text, std::size_t width) {
  return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}
std::string pad_right(const std::string &text, std::size_t width) {
  return text + std::string(width > text.size() ? width - text.size() : 0, ' ');
}

std::string headline(const run_summary &summary) {
  const auto &outcome = summary.outcome;
  return summary.strategy + " " + summary.strategy_version + ": " +
         counted(outcome.totals.processed(), "task") + " in " + in_time(outcome.seconds) + ", " +
         rounded(summary.tasks_per_second()) + " tasks per second\n";
}

std::string task_lines(const run_summary &summary) {
  const auto &totals = summary.outcome.totals;
  const std::string done = "  tasks       " + with_commas(totals.generated) +
                           " generated = " + with_commas(totals.processed()) + " processed";
  const std::string rest = " + " + with_commas(totals.failed()) + " failed + " +
                           with_commas(totals.drained) + " drained + " +
                           with_commas(summary.outcome.abandoned()) + " abandoned\n";
  const bool fits = done.size() + rest.size() <= 80;
  std::string text = done + (fits ? "" : "\n             ") + rest;
  if (totals.failed() == 0) return text;
  std::string errors;
  for (std::size_t i = 0; i < totals.errors.size(); ++i) {
    if (totals.errors[i] == 0) continue;
    errors += (errors.empty() ? "" : ", ") + with_commas(totals.errors[i]) + " " +
              std::string(metrics::name_of(static_cast<metrics::task_error>(i)));
  }
  return text + "  errors      " + errors + "\n";
}

std::string time_line(const char *label, const metrics::histogram_counts &counts) {
  const auto at = [&](double q) {
    return in_time(metrics::tick_clock::to_seconds(counts.quantile(q)));
  };
  return pad_right(label, 14) + "p50 " + at(0.50) + ", p99 " + at(0.99) + ", max " +
         in_time(metrics::tick_clock::to_seconds(counts.maximum)) + "\n";
}

std::string allocation_lines(const run_summary &summary) {
  if (!summary.has_jemalloc) return "  allocated   not known: built without jemalloc\n";
  if (summary.outcome.was_cut_off()) return "";  // workers report when they end
  return "  allocated   " + rounded(summary.bytes_per_task()) + " bytes and " +
         rounded(summary.allocations_per_task()) + " allocations per task on the workers\n" +
         "              " + in_bytes(summary.outcome.other_allocated_bytes) +
         " in all on other threads (helpers, jobs, the host)\n";
}

std::string resource_table(const run_summary &summary) {
  const auto &outcome = summary.outcome;
  std::string text;
  const auto row = [&](const char *label, const std::string &start, const std::string &peak,
                       const std::string &end) {
    text += pad_right(std::string("  ") + label, 14) + pad_left(start, 14) + pad_left(peak, 14) +
            pad_left(end, 14) + "\n";
  };
  row("", "start", "peak", "end");
  const auto count_row = [&](const char *label, auto member) {
    row(label, with_commas(outcome.start.*member), with_commas(outcome.peak.*member),
        with_commas(outcome.end_sample.*member));
  };
  count_row("threads", &worker::resource_sample::threads);
  count_row("jobs", &worker::resource_sample::jobs);
  if (!summary.has_jemalloc) return text;
  const auto memory_row = [&](const char *label, auto member) {
    row(label, in_bytes(outcome.start.memory.*member), in_bytes(outcome.peak.memory.*member),
        in_bytes(outcome.end_sample.memory.*member));
  };
  memory_row("allocated", &metrics::allocator_figures::allocated);
  memory_row("active", &metrics::allocator_figures::active);
  memory_row("resident", &metrics::allocator_figures::resident);
  memory_row("retained", &metrics::allocator_figures::retained);
  return text;
}

/// The places that matter most; the JSON has them all.
std::string leak_lines(const run_summary &summary) {
  constexpr std::size_t shown = 3;
  const auto &leaks = summary.outcome.leaks;
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, leaks.size()); ++i) {
    const char *noun = leaks[i].what == leak::kind::thread ? "thread" : "job";
    text += "  " + pad_left(counted(leaks[i].count, noun), 14) + " from " + leaks[i].place + "\n";
  }
  if (leaks.size() > shown) {
    text += "  and from " + counted(leaks.size() - shown, "more place") + "\n";
  }
  return text;
}

/// The calls that matter most; the JSON has them all.
std::string stack_lines(const std::vector<std::string> &stack) {
  constexpr std::size_t shown = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, stack.size()); ++i) text += "    " + stack[i] + "\n";
  return text;
}

/// Where a worker is stuck, or only was when the run was cut off.
std::string stuck_lines(const run_summary &summary) {
  const auto &outcome = summary.outcome;
  const char *verb = outcome.is_stuck() ? " is stuck in" : " was in";
  std::string text;
  for (const auto &stuck : outcome.stuck) {
    text += "  worker " + std::to_string(stuck.worker) + verb + " task " +
            std::to_string(stuck.id) + " (" + summary.operations[stuck.operation] + ")" +
            (stuck.running.count() > 0
                 ? ", for " + in_time(std::chrono::duration<double>(stuck.running).count())
                 : "") +
            "\n" + stack_lines(stuck.stack);
  }
  for (const auto &stuck : outcome.stuck_threads) {
    text += "  the thread " + stuck.name + " is in\n" + stack_lines(stuck.stack);
  }
  return text;
}

/// The same run again, with another strategy.
std::string same_run(const run_summary &summary, const std::string &target) {
  const auto &config = summary.config;
  std::string command = summary.program + " --strategy=" + target;
  if (config.source.empty()) {
    // A run without end is told by what it has got done.
    const std::uint64_t tasks = config.tasks != 0 ? config.tasks : summary.outcome.totals.generated;
    command +=
        " --tasks=" + std::to_string(tasks) + " --data-size=" + std::to_string(config.data_size);
  }
  return command + " --workers=" + std::to_string(config.workers) + " --duration=0";
}

}  // namespace

double run_summary::tasks_per_second() const {
  if (outcome.seconds <= 0) return 0;
  return static_cast<double>(outcome.totals.processed()) / outcome.seconds;
}
double run_summary::bytes_per_task() const { return per_task(outcome.allocated_bytes, outcome); }
double run_summary::allocations_per_task() const { return per_task(outcome.allocations, outcome); }

std::string verdict(const run_summary &summary) {
  const auto &outcome = summary.outcome;
  if (outcome.end == session_end::crash) {
    return "crashed: " + outcome.crash + ", " + counted(outcome.abandoned(), "task") + " abandoned";
  }
  if (outcome.end == session_end::second_signal) {
    return "cut off: a second signal came, " + counted(outcome.abandoned(), "task") + " abandoned";
  }
  if (outcome.end == session_end::start_overdue) {
    return "stuck: the strategy did not start within --start-timeout";
  }
  if (outcome.end == session_end::grace_over) {
    return outcome.stuck.empty()
               ? "stuck: the strategy did not stop within --grace"
               : "stuck: " + counted(outcome.abandoned(), "task") + " did not end within --grace";
  }
  const std::uint64_t threads = outcome.leaked(leak::kind::thread);
  const std::uint64_t jobs = outcome.leaked(leak::kind::job);
  const std::string counts = counted(threads, "thread") + ", " + counted(jobs, "job");
  return threads + jobs > 0 ? "leaked: " + counts : "clean: " + counts + " left";
}

std::string reader_of(const std::string &heap_file, const std::string &program) {
  if (heap_file.ends_with(".pb.gz")) return "go tool pprof -top " + heap_file;
  return "jeprof --text " + program + " " + heap_file;
}

std::vector<std::string> next_commands(const run_summary &summary) {
  const auto &outcome = summary.outcome;
  const auto &target = summary.strategy_target;
  if (outcome.end == session_end::crash) return {};
  if (outcome.end == session_end::start_overdue) {
    return {summary.program + " check " + target,
            same_run(summary, target) + " --start-timeout=5m"};
  }
  if (outcome.was_cut_off()) return {same_run(summary, target) + " --grace=30s"};
  std::vector<std::string> commands;
  const auto wrong = static_cast<std::size_t>(metrics::task_error::wrong_result);
  // What a file may expect of a run that checks some, it need not have for all.
  const bool can_check_more = summary.config.verify_every != 1 && summary.config.expect.empty();
  if (outcome.totals.errors[wrong] > 0 && can_check_more) {
    commands.push_back(same_run(summary, target) + " --verify=all");
  }
  if (!outcome.leaks.empty() && summary.strategy == "bad") {
    commands.push_back(same_run(summary, "optimized"));
  }
  if (!summary.config.memprofile.empty() && outcome.memprofile_error.empty()) {
    commands.push_back(reader_of(summary.config.memprofile, summary.program));
  } else if (outcome.allocations > 0 && summary.has_jemalloc) {
    commands.push_back(same_run(summary, target) + " --heap-sample=4096 --memprofile=heap.out");
  }
  if (commands.empty()) commands.push_back(same_run(summary, "bad"));
  if (commands.size() > 2) commands.resize(2);
  return commands;
}

std::string as_text(const run_summary &summary) {
  const auto &totals = summary.outcome.totals;
  std::string text = headline(summary) + "\n" + task_lines(summary);
  if (tasks_run(summary.outcome) > 0) {
    text += time_line("  processing", totals.durations()) + time_line("  queue wait", totals.waits);
    text += allocation_lines(summary);
  }
  text += "\n" + resource_table(summary) + "\n";
  text += verdict(summary) + "\n" + leak_lines(summary) + stuck_lines(summary);
  for (const auto &command : next_commands(summary)) text += "next: " + command + "\n";
  return text;
}

}  // namespace taskworker::report
