// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>

namespace taskworker::cli {

/// The command line or the configuration file is wrong. what() is one line that
/// names the option, what was given and what was expected. Ends with
/// exit_code::usage.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A file or folder that an option names cannot be had. what() is one line that
/// names the option and the path. Ends with exit_code::resource_missing.
class file_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace taskworker::cli
