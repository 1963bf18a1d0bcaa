// SPDX-License-Identifier: MIT
#include "cli/compare_run.hpp"

#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "cli/cancellation.hpp"
#include "cli/error.hpp"
#include "cli/exit_code.hpp"
#include "cli/output_file.hpp"
#include "compare/course.hpp"
#include "compare/explanation.hpp"
#include "compare/html.hpp"
#include "compare/result.hpp"
#include "compare/sentences.hpp"
#include "compare/temporary_folder.hpp"
#include "metrics/tick_clock.hpp"
#include "report/terminal.hpp"
#include "strategy/finder.hpp"

namespace taskworker::cli {
namespace {

/// One line on a terminal that is written over; in a pipe nothing.
class live_line {
 public:
  explicit live_line(bool quiet) : is_live_(!quiet && report::is_capable_terminal(STDERR_FILENO)) {}
  ~live_line() {
    if (is_live_) std::fputs("\r\033[K", stderr);
  }
  live_line(const live_line &) = delete;
  live_line &operator=(const live_line &) = delete;

  void show(const compare::comparison_progress &progress) const {
    if (!is_live_) return;
    std::string text = progress.doing;
    if (progress.rounds > 0) text += ", " + std::to_string(progress.rounds) + " rounds done";
    text += ", " + seconds(progress.elapsed);
    if (progress.left.count() > 0) text += ", about " + seconds(progress.left) + " left";
    std::fprintf(stderr, "\r%s\033[K", text.substr(0, 79).c_str());
    std::fflush(stderr);
  }

 private:
  static std::string seconds(std::chrono::nanoseconds time) {
    const double value = std::chrono::duration<double>(time).count();
    return std::to_string(static_cast<long>(std::ceil(value))) + " s";
  }

  const bool is_live_;
};

compare::comparison_plan plan_of(const compare_command &asked, const std::string &program,
                                 const std::vector<std::string> &words) {
  return {
      .program = program,
      .words = asked.words,
      .baseline = asked.baseline,
      .run_arguments = asked.run_arguments,
      .tasks = asked.tasks,
      .workers = asked.workers,
      .max_time = asked.max_time,
      .rules = {asked.primary, asked.threshold, asked.seed, metrics::tick_clock::step_seconds()},
      .gates = asked.gates,
      .command = words,
  };
}

void write_file(const std::string &path, const std::string &text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) throw file_error("cannot write all of " + path);
}

/// Says which gates hold; what the runs do not tell counts as if it did. True when none does.
bool check_gates(const compare::comparison_result &result) {
  bool none_holds = true;
  for (const auto &each : result.gates) {
    if (each.is == compare::gate_outcome::kept) continue;
    std::fprintf(stderr, "taskworker: %s\n", compare::told_of_gate(result, each).c_str());
    none_holds = false;
  }
  return none_holds;
}

bool has_failed_runs(const compare::comparison_result &result) {
  for (const auto &each : result.series) {
    if (each.failed_runs > 0) return true;
  }
  return false;
}

int status_of(const compare::comparison_result &result) {
  const bool is_good = check_gates(result);
  if (result.is_partial) return 128 + cancelling_signal();
  if (has_failed_runs(result)) return static_cast<int>(exit_code::strategy_refused);
  return static_cast<int>(is_good ? exit_code::done : exit_code::gate_not_met);
}

/// A run before the first round that went wrong stops all: its status says what it was.
exit_code code_of(const compare::sample_error &error) {
  switch (error.exit_status()) {
    case static_cast<int>(exit_code::usage):
      return exit_code::usage;
    case static_cast<int>(exit_code::resource_missing):
      return exit_code::resource_missing;
    case static_cast<int>(exit_code::tasks_failed):
      return exit_code::tasks_failed;
    default:
      return exit_code::strategy_refused;
  }
}

int fail(exit_code code, const char *reason) {
  std::fprintf(stderr, "taskworker: %s\n", reason);
  return static_cast<int>(code);
}

/// The comparison, and what explains it where that is asked for.
struct finished {
  compare::comparison_result result;
  std::optional<compare::explanation> why;
};

finished compare_all(const compare_command &asked, const compare::comparison_plan &plan) {
  const live_line line(asked.quiet);
  const compare::progress_listener tell = [&line](const auto &progress) { line.show(progress); };
  const bool is_explained = !asked.html.empty() || !asked.profiles.empty();
  // Before the samples, so that they are not lost where there can be none.
  std::optional<compare::temporary_folder> temporary;
  if (is_explained && asked.profiles.empty()) temporary.emplace();
  finished made{compare::run_comparison(plan, tell, is_cancelled), std::nullopt};
  if (!is_explained) return made;
  const std::string folder = temporary ? temporary->path() : asked.profiles;
  std::filesystem::create_directory(folder);
  made.why = compare::explain(plan, made.result, folder, tell, is_cancelled);
  made.result.is_partial = made.result.is_partial || is_cancelled();
  return made;
}

void print_result(const compare_command &asked, const compare::comparison_result &result,
                  const std::vector<std::string> &notes) {
  print(compare::as_text(result, report::takes_color(STDOUT_FILENO)));
  if (asked.quiet) return;
  for (std::size_t i = 0; i < notes.size(); ++i) {
    if (notes[i].empty()) continue;
    std::fprintf(stderr, "taskworker: %s: %s\n", result.series[i].word.c_str(), notes[i].c_str());
  }
}

/// Writes and prints all that can be; then throws file_error where something could not.
void hand_over(const compare_command &asked, finished &made) {
  std::string failure;
  const auto attempt = [&failure](const auto &output) {
    try {
      output();
    } catch (const file_error &error) {
      failure += (failure.empty() ? "" : "; ") + std::string(error.what());
    }
  };
  const auto write = [&attempt](const std::string &path, const auto &text_of) {
    if (!path.empty()) attempt([&] { write_file(path, text_of()); });
  };
  const auto notes = made.why ? made.why->notes : std::vector<std::string>();
  write(asked.json, [&] { return compare::as_json(made.result); });
  write(asked.markdown, [&] { return compare::as_markdown(made.result); });
  write(asked.html, [&] { return compare::as_html(made.result, std::move(*made.why)); });
  // Last: whoever reads standard output may be gone, and this process with them.
  attempt([&] { print_result(asked, made.result, notes); });
  if (!failure.empty()) throw file_error(failure);
}

}  // namespace

int run_compare(const compare_command &asked, const std::string &program,
                const std::vector<std::string> &words) {
  for (const auto &each : asked.strategies) {
    (void)strategy::find(each, strategy::search_folders(asked.strategy_dirs));
  }
  hear_cancellation();
  std::optional<finished> made;
  try {
    made = compare_all(asked, plan_of(asked, program, words));
  } catch (const compare::results_differ &error) {
    return fail(exit_code::tasks_failed, error.what());
  } catch (const compare::sample_error &error) {
    const bool is_late = error.exit_status() == 128 + SIGKILL;
    const std::string hint = is_late ? "; with slow tasks say how many: --tasks=N" : "";
    return fail(code_of(error), (error.what() + hint).c_str());
  }
  hand_over(asked, *made);
  return status_of(made->result);
}

}  // namespace taskworker::cli
