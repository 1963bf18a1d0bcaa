// SPDX-License-Identifier: MIT
#include "cli/input_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/error.hpp"

namespace taskworker::cli {
namespace {

// Empty when it can be read, else why not.
std::string find_obstacle(const std::string &path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return "it is a folder; name a file in it";
  if (::faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) == 0) return "";
  return std::strerror(errno);
}

}  // namespace

void check_readable(const std::string &option, const std::string &path) {
  const std::string obstacle = find_obstacle(path);
  if (!obstacle.empty()) throw file_error(option + ": cannot read " + path + ": " + obstacle);
}

}  // namespace taskworker::cli
