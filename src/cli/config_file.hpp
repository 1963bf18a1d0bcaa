// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "cli/values.hpp"

namespace taskworker::cli {

/// An option and its value, from the command line or a file.
struct setting {
  std::string name;  ///< without dashes
  given_value value;
};

/// The lines `option = value` of the file at `path`, in order, options not yet
/// checked. White space around both is left out, a value goes on to the end of the
/// line; empty lines and lines that begin with '#' say nothing. Throws file_error
/// for a file that cannot be read, usage_error for a line without '='.
[[nodiscard]] std::vector<setting> read_config_file(const std::string &path);

}  // namespace taskworker::cli
