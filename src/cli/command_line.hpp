// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/config.hpp"
#include "cli/error.hpp"
#include "compare/gate.hpp"
#include "compare/metric.hpp"
#include "compare/saved_run.hpp"
#include "http/probe.hpp"
#include "strategy/word.hpp"

namespace taskworker::check {
struct check_case;
}

namespace taskworker::cli {

/// --help, --version: print this and be done.
struct print_command {
  std::string text;
};

/// --list
struct list_command {
  std::vector<std::string> strategy_dirs;
};

/// --help-strategy
struct help_strategy_command {
  strategy::word strategy;
  std::vector<std::string> strategy_dirs;
};

/// --doctor
struct doctor_command {
  strategy::word strategy;  ///< empty target = none was given
  std::vector<std::string> strategy_dirs;
  std::uint32_t workers = 1;  ///< of the run that is thought of
};

/// --probe
struct probe_command {
  std::string url;  ///< as given
  http::probe_target target;
};

/// compare
struct compare_command {
  std::vector<std::string> words;          ///< the baseline if not saved, then the candidates
  std::vector<strategy::word> strategies;  ///< the same, taken apart
  std::vector<std::string> strategy_dirs;
  const compare::metric *primary = nullptr;
  double threshold = 0.01;
  std::uint64_t seed = 1;
  std::chrono::nanoseconds max_time = std::chrono::seconds(60);
  std::optional<compare::saved_run> baseline;  ///< else the first of the words
  std::vector<compare::gate> gates;
  std::vector<std::string> run_arguments;  ///< of each run, but for strategy and tasks
  std::uint64_t tasks = 0;                 ///< of each run; 0 = to be found out
  std::uint32_t workers = 1;
  std::string json;      ///< path; empty = none
  std::string markdown;  ///< path; empty = none
  std::string html;      ///< path; empty = none
  std::string profiles;  ///< folder that keeps them; empty = none
  bool quiet = false;
};

/// check
struct check_command {
  std::string word;         ///< the strategy
  strategy::word strategy;  ///< the same, taken apart
  std::vector<std::string> strategy_dirs;
  std::vector<const check::check_case *> cases;                    ///< to be run, in order
  std::chrono::nanoseconds time_limit = std::chrono::seconds(10);  ///< of a case
  bool is_in_process = false;
  bool is_json = false;
  std::optional<int> result_descriptor;  ///< this process is one of a case: its result goes there
};

/// What the command line asks for; run_config asks for a run.
using command = std::variant<run_config, list_command, help_strategy_command, doctor_command,
                             probe_command, compare_command, check_command, print_command>;

/// Reads the command line, and the file that --config names. Option by option, the
/// command line holds over the file; a --strategy there also puts aside the file's
/// strategy-opt, which was meant for another one. Reads the file of --token-file
/// and sees that the one of --source can be read; touches no other. Throws usage_error and
/// file_error.
[[nodiscard]] command parse(int argc, const char *const *argv);

}  // namespace taskworker::cli
