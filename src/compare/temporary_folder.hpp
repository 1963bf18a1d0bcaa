// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace taskworker::compare {

/// A folder of its own in $TMPDIR, else in /tmp, that is removed with all it holds.
class temporary_folder {
 public:
  /// Throws std::system_error when there can be none.
  temporary_folder();
  ~temporary_folder();
  temporary_folder(const temporary_folder &) = delete;
  temporary_folder &operator=(const temporary_folder &) = delete;

  [[nodiscard]] const std::string &path() const { return path_; }

  /// The path of a file in it.
  [[nodiscard]] std::string operator/(const std::string &name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace taskworker::compare
