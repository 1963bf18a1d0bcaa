// SPDX-License-Identifier: MIT
#include "compare/temporary_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace taskworker::compare {

temporary_folder::temporary_folder() {
  std::error_code error;
  const auto parent = std::filesystem::temp_directory_path(error);
  if (error) throw std::system_error(error, "no folder for temporary files");
  path_ = (parent / "taskworker-compare-XXXXXX").string();
  if (::mkdtemp(path_.data()) != nullptr) return;
  throw std::system_error(errno, std::generic_category(), "cannot make " + path_);
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace taskworker::compare
