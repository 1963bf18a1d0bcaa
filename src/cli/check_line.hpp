// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "cli/command_line.hpp"

namespace taskworker::cli {

/// Reads the words behind `taskworker check`; argv[0] is "check". Opens no file. Throws
/// usage_error.
[[nodiscard]] command parse_check(int argc, const char *const *argv);

/// The text of `taskworker check --help`: at most 80 columns.
[[nodiscard]] std::string check_help_text();

}  // namespace taskworker::cli
