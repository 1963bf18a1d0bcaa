// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace taskworker::cli {

/// The text of --help: at most 80 columns.
[[nodiscard]] std::string help_text();

/// The text of --version.
[[nodiscard]] std::string version_text();

}  // namespace taskworker::cli
