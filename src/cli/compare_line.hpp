// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "cli/command_line.hpp"

namespace taskworker::cli {

/// Reads the words behind `taskworker compare`; argv[0] is "compare". Opens no file. Throws
/// usage_error and file_error.
[[nodiscard]] command parse_compare(int argc, const char *const *argv);

/// The text of `taskworker compare --help`: at most 80 columns.
[[nodiscard]] std::string compare_help_text();

}  // namespace taskworker::cli
