// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "cli/command_line.hpp"

namespace taskworker::cli {

/// Does what `taskworker compare` asks for: progress on standard error, the tables on standard
/// output, the files. `program`: the path of this program; `words`: the command line, for
/// the report. Returns the exit status; throws strategy::load_error, file_error,
/// std::system_error.
[[nodiscard]] int run_compare(const compare_command &asked, const std::string &program,
                              const std::vector<std::string> &words);

}  // namespace taskworker::cli
