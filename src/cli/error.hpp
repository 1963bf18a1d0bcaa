// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>

#include "strategy/text.hpp"

namespace taskworker::cli {

/// The command line or the configuration file is wrong. what() is one line that
/// names the option, what was given and what was expected. Control characters in
/// what was given become spaces. Ends with exit_code::usage.
class usage_error : public std::runtime_error {
 public:
  explicit usage_error(const std::string &text) : runtime_error(strategy::one_line(text)) {}
};

/// A file or folder that an option names cannot be had. what() is one line that
/// names the option and the path, control characters as above. Ends with
/// exit_code::resource_missing.
class file_error : public std::runtime_error {
 public:
  explicit file_error(const std::string &text) : runtime_error(strategy::one_line(text)) {}
};

}  // namespace taskworker::cli
