// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "cli/command_line.hpp"

namespace taskworker::cli {

/// Does what `taskworker check` asks for: a line a case on standard output as it ends, then
/// the counts; or one JSON object. `program`: the path of this program, which runs each case
/// in a process of its own. Returns the exit status; throws strategy::load_error where there
/// is no such strategy, usage_error, file_error, std::system_error.
[[nodiscard]] int run_check(const check_command &asked, const std::string &program);

}  // namespace taskworker::cli
