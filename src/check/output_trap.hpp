// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace taskworker::check {

/// Takes what is written to standard output during its life, by whatever means. Use from one
/// thread; one at a time.
class output_trap {
 public:
  /// Throws std::system_error.
  output_trap();
  ~output_trap();
  output_trap(const output_trap &) = delete;
  output_trap &operator=(const output_trap &) = delete;

  /// Ends it, and returns the begin of what came. All of that then goes to standard error.
  [[nodiscard]] std::string take();

 private:
  void put_back();

  int trap_;
  int before_;
};

}  // namespace taskworker::check
