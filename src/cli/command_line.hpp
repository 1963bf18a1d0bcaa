// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "cli/config.hpp"
#include "cli/error.hpp"
#include "http/probe.hpp"
#include "strategy/word.hpp"

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

/// What the command line asks for; run_config asks for a run.
using command = std::variant<run_config, list_command, help_strategy_command, doctor_command,
                             probe_command, print_command>;

/// Reads the command line, and the file that --config names. Option by option, the
/// command line holds over the file; a --strategy there also puts aside the file's
/// strategy-opt, which was meant for another one. Reads the file of --token-file
/// and sees that the one of --source can be read; touches no other. Throws usage_error and
/// file_error.
[[nodiscard]] command parse(int argc, const char *const *argv);

}  // namespace taskworker::cli
