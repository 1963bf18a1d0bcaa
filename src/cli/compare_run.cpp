// SPDX-License-Identifier: MIT
#include "cli/compare_run.hpp"

#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <utility>

#include "cli/error.hpp"
#include "cli/exit_code.hpp"
#include "compare/course.hpp"
#include "compare/explanation.hpp"
#include "compare/html.hpp"
#include "compare/result.hpp"
#include "compare/temporary_folder.hpp"
#include "strategy/finder.hpp"

namespace taskworker::cli {
namespace {

volatile std::sig_atomic_t signal_that_came = 0;

bool is_cancelled() { return signal_that_came != 0; }

// The first one ends the comparison in order; a second one ends the process.
void hear_signals() {
  struct sigaction action{};
  action.sa_handler = [](int number) { signal_that_came = number; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool is_set(const char *name) {
  const char *value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool is_capable_terminal(int descriptor) {
  const char *term = std::getenv("TERM");
  return ::isatty(descriptor) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

/// One line on a terminal that is written over; in a pipe nothing.
class live_line {
 public:
  explicit live_line(bool quiet) : is_live_(!quiet && is_capable_terminal(STDERR_FILENO)) {}
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
      .rules = {asked.primary, asked.threshold, asked.seed},
      .command = words,
  };
}

void write_file(const std::string &path, const std::string &text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) throw file_error("cannot write all of " + path);
}

/// Says which gates are not met; what the runs do not tell is not met. True when all are.
bool check_gates(const compare_command &asked, const compare::comparison_result &result) {
  bool all_met = true;
  for (std::size_t i = 0; i < result.findings.size(); ++i) {
    for (const auto &gate : asked.gates) {
      const bool is_told = compare::is_told(gate, result.findings[i]);
      if (is_told && !compare::fails(gate, result.findings[i], result.series[i + 1])) continue;
      std::fprintf(stderr, "taskworker: %s %s: %s\n", is_told ? "not met by" : "not known of",
                   result.series[i + 1].word.c_str(), gate.text.c_str());
      all_met = false;
    }
  }
  return all_met;
}

bool has_failed_runs(const compare::comparison_result &result) {
  for (const auto &each : result.series) {
    if (each.failed_runs > 0) return true;
  }
  return false;
}

int status_of(const compare_command &asked, const compare::comparison_result &result) {
  const bool are_met = check_gates(asked, result);
  if (result.is_partial) return 128 + static_cast<int>(signal_that_came);
  if (has_failed_runs(result)) return static_cast<int>(exit_code::strategy_refused);
  return static_cast<int>(are_met ? exit_code::done : exit_code::gate_not_met);
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

void write_files(const compare_command &asked, finished &made) {
  if (!asked.json.empty()) write_file(asked.json, compare::as_json(made.result));
  if (!asked.markdown.empty()) write_file(asked.markdown, compare::as_markdown(made.result));
  if (!asked.html.empty()) {
    write_file(asked.html, compare::as_html(made.result, std::move(*made.why)));
  }
}

}  // namespace

int run_compare(const compare_command &asked, const std::string &program,
                const std::vector<std::string> &words) {
  for (const auto &each : asked.strategies) {
    (void)strategy::find(each, strategy::search_folders(asked.strategy_dirs));
  }
  hear_signals();
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
  write_files(asked, *made);
  const auto &result = made->result;
  const bool has_color = is_capable_terminal(STDOUT_FILENO) && !is_set("NO_COLOR");
  std::fputs(compare::as_text(result, has_color).c_str(), stdout);
  if (std::fflush(stdout) != 0) throw file_error("cannot write to standard output");
  return status_of(asked, result);
}

}  // namespace taskworker::cli
