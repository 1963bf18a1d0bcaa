// SPDX-License-Identifier: MIT
#include "cli/check_line.hpp"

#include <algorithm>
#include <limits>

#include "check/check_case.hpp"
#include "check/report.hpp"
#include "cli/error.hpp"
#include "cli/help.hpp"
#include "cli/option_table.hpp"
#include "cli/words.hpp"
#include "strategy/text.hpp"
#include "strategy/word.hpp"

namespace taskworker::cli {
namespace {

option_group check_group() {
  return {
      "Check",
      {
          {"only", "CASE", "Run these cases only: a name, or some with commas; may be repeated",
           true},
          {"list", "", "Show the cases and what each asserts, and run none"},
          {"time-limit", "TIME", "End a case after this; default 10s"},
          {"in-process", "",
           "Run the cases in this process, without limit: for a debugger, as in gdb --args "
           "taskworker check ./mine.so --in-process --only=CASE"},
          {"json", "", "Print one JSON object"},
          *find_option(option_groups(), "strategy-dir"),
          {"help", "", "Show this text"},
      },
  };
}

const std::vector<option_group> &shown_groups() {
  static const std::vector<option_group> groups{check_group()};
  return groups;
}

/// With what the program says to itself when it runs a case in a process of its own.
const std::vector<option_group> &all_groups() {
  static const std::vector<option_group> groups{
      check_group(), {"", {{"result-fd", "N", "Leave the result in this shared memory"}}}};
  return groups;
}

const check::check_case *read_case(const given_value &given, const std::string &name) {
  const auto *found = check::find_case(name);
  if (found != nullptr) return found;
  const auto names = check::case_names();
  throw usage_error(given.where + " got '" + name + "', which is no case" +
                    strategy::did_you_mean(name, names) + "; taskworker check --list shows all");
}

void read_only(check_command &asked, const given_value &given) {
  std::string_view rest = given.text;
  while (true) {
    const auto name = rest.substr(0, rest.find(','));
    asked.cases.push_back(read_case(given, std::string(name)));
    if (name.size() == rest.size()) return;
    rest.remove_prefix(name.size() + 1);
  }
}

/// All, where none is named; each once, in the order in which they are run.
void settle_cases(check_command &asked) {
  std::vector<const check::check_case *> wanted;
  for (const auto &each : check::all_cases()) {
    const bool is_named =
        std::find(asked.cases.begin(), asked.cases.end(), &each) != asked.cases.end();
    if (asked.cases.empty() || is_named) wanted.push_back(&each);
  }
  asked.cases = std::move(wanted);
}

check_command read_settings(const std::vector<setting> &settings) {
  check_command asked;
  for (const auto &[name, value] : settings) {
    if (name == "only") read_only(asked, value);
    if (name == "time-limit") {
      asked.time_limit = read_duration(value, std::chrono::milliseconds(1));
    }
    if (name == "in-process") asked.is_in_process = true;
    if (name == "json") asked.is_json = true;
    if (name == "strategy-dir") asked.strategy_dirs.push_back(read_text(value, "a folder"));
    if (name == "result-fd") {
      asked.result_descriptor =
          static_cast<int>(read_number(value, 0, std::numeric_limits<int>::max()));
    }
  }
  settle_cases(asked);
  return asked;
}

}  // namespace

std::string check_help_text() {
  return "Checks that a strategy keeps the rules of include/taskworker/strategy.h.\n"
         "\n"
         "  taskworker check STRATEGY [options]\n"
         "  taskworker check ./mine.so\n"
         "  taskworker check mine:greet=true --only=results-right,many-workers\n"
         "\n"
         "Each case runs in a process of its own: one that crashes or hangs is told and\n"
         "ended. STRATEGY is a word as for --strategy, its options in it.\n" +
         describe_groups(shown_groups()) +
         "\n"
         "Exit status: 0 nothing found, or warnings only; 3 the strategy cannot be found;\n"
         "7 a case failed, crashed or timed out; 130 ended by Ctrl-C.\n"
         "strategies/CHECKING.md in the source tells more.\n";
}

command parse_check(int argc, const char *const *argv) {
  const auto line = split_words(argc, argv, all_groups(), "taskworker check --help");
  if (find(line.settings, "help") != nullptr) return print_command{check_help_text()};
  check_command asked = read_settings(line.settings);
  if (find(line.settings, "list") != nullptr) {
    return print_command{check::describe_cases(asked.cases)};
  }
  if (line.words.size() != 1) {
    throw usage_error("check got " +
                      (line.words.empty() ? std::string("no strategy")
                                          : std::to_string(line.words.size()) + " strategies") +
                      ": expected one, as in taskworker check optimized");
  }
  asked.word = line.words.front();
  asked.strategy = strategy::parse_word(asked.word);
  return asked;
}

}  // namespace taskworker::cli
