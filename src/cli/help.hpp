// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "cli/option_table.hpp"

namespace taskworker::cli {

/// A line or more for each option, in their groups: at most 80 columns.
[[nodiscard]] std::string describe_groups(const std::vector<option_group> &groups);

/// The text of --help: at most 80 columns.
[[nodiscard]] std::string help_text();

/// The text of --version.
[[nodiscard]] std::string version_text();

}  // namespace taskworker::cli
