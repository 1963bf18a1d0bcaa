// SPDX-License-Identifier: MIT
#include "cli/check_run.hpp"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "check/report.hpp"
#include "check/result_page.hpp"
#include "check/runner.hpp"
#include "cli/cancellation.hpp"
#include "cli/error.hpp"
#include "cli/exit_code.hpp"
#include "cli/output_file.hpp"
#include "report/terminal.hpp"
#include "strategy/finder.hpp"
#include "strategy/library.hpp"

namespace taskworker::cli {
namespace {

/// Shows the cases on standard output as they end; on a terminal also the one that runs.
class case_lines {
 public:
  explicit case_lines(bool is_quiet)
      : is_quiet_(is_quiet),
        is_live_(!is_quiet && report::is_capable_terminal(STDOUT_FILENO)),
        has_color_(report::takes_color(STDOUT_FILENO)) {}

  void show(const check::check_case &what, const check::case_result *done) const {
    if (is_quiet_) return;
    if (is_live_) std::fputs("\r\033[K", stdout);
    if (done != nullptr) {
      std::fputs(check::describe_case(*done, has_color_).c_str(), stdout);
    } else if (is_live_) {
      std::printf("running    %s", what.name);
    }
    std::fflush(stdout);
  }

 private:
  const bool is_quiet_;
  const bool is_live_;
  const bool has_color_;
};

check::check_plan plan_of(const check_command &asked, const std::filesystem::path &library,
                          const std::string &program) {
  check::check_plan plan{
      .library = library,
      .options = asked.strategy.options,
      .cases = asked.cases,
      .time_limit = asked.time_limit,
      .program = program,
      .child_arguments = {"check", asked.word},
  };
  for (const auto &each : asked.strategy_dirs) {
    plan.child_arguments.push_back("--strategy-dir=" + each);
  }
  return plan;
}

int print_result(const check_command &asked, const check::check_result &result) {
  print(asked.is_json ? check::as_json(result, asked.word) : check::describe_counts(result));
  if (result.is_partial) return 128 + cancelling_signal();
  return static_cast<int>(result.has_findings() ? exit_code::gate_not_met : exit_code::done);
}

void check_is_there(const std::filesystem::path &library) {
  std::error_code ignored;
  if (std::filesystem::exists(library, ignored)) return;
  throw strategy::load_error(std::filesystem::absolute(library).string() +
                             " does not exist; --list shows the strategies that can be named");
}

}  // namespace

int run_check(const check_command &asked, const std::string &program) {
  const auto library =
      strategy::find(asked.strategy, strategy::search_folders(asked.strategy_dirs));
  check_is_there(library);
  const auto plan = plan_of(asked, library, program);
  if (asked.result_descriptor) {
    check::shared_page shared(*asked.result_descriptor);
    check::run_as_child(plan, shared.page());
  }
  const case_lines lines(asked.is_json);
  const auto tell = [&lines](const auto &what, const auto *done) { lines.show(what, done); };
  try {
    if (asked.is_in_process) {
      const int status = print_result(asked, check::run_in_process(plan, tell));
      // Threads that the strategy has left behind may still be at work.
      ::_exit(status);
    }
    hear_cancellation();
    return print_result(asked, check::run_in_children(plan, tell, is_cancelled));
  } catch (const check::options_error &error) {
    throw usage_error(error.what());
  }
}

}  // namespace taskworker::cli
