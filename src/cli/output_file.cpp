// SPDX-License-Identifier: MIT
#include "cli/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <set>

#include "cli/error.hpp"

namespace taskworker::cli {
namespace {

namespace fs = std::filesystem;

// Empty when the process may do it, else why not.
std::string why_not(const fs::path &path, int mode) {
  if (::faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0) return "";
  return std::strerror(errno);
}

// Of something new.
std::string find_obstacle_above(const fs::path &path) {
  std::error_code ignored;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (!fs::exists(folder, ignored)) return "there is no folder " + folder.string();
  if (!fs::is_directory(folder, ignored)) return folder.string() + " is not a folder";
  return why_not(folder, W_OK | X_OK);
}

std::string find_obstacle(const fs::path &path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return "it is a folder; name a file in it";
  return fs::exists(path, ignored) ? why_not(path, W_OK) : find_obstacle_above(path);
}

std::string find_obstacle_to_folder(const fs::path &path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return find_obstacle_above(path);
  if (!fs::is_directory(path, ignored)) return "it is not a folder";
  if (!fs::is_empty(path, ignored)) return "it is not empty; name a new one";
  return why_not(path, W_OK | X_OK);
}

}  // namespace

void check_writable(const std::string &option, const std::string &path) {
  const std::string obstacle = find_obstacle(path);
  if (!obstacle.empty()) throw file_error(option + ": cannot write " + path + ": " + obstacle);
}

void check_new_folder(const std::string &option, const std::string &path) {
  // "out/" is out.
  const std::string name =
      path.size() > 1 && path.back() == '/' ? path.substr(0, path.size() - 1) : path;
  const std::string obstacle = find_obstacle_to_folder(name);
  if (!obstacle.empty()) {
    throw file_error(option + ": cannot write to the folder " + path + ": " + obstacle);
  }
}

void print(const std::string &text) {
  const bool is_written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (is_written && std::fflush(stdout) == 0) return;
  throw file_error(std::string("cannot write to standard output: ") + std::strerror(errno));
}

void check_distinct(const std::vector<std::string> &paths) {
  std::set<fs::path> seen;
  for (const auto &path : paths) {
    if (!path.empty() && !seen.insert(fs::path(path).lexically_normal()).second) {
      throw usage_error("two outputs go to '" + path + "'; name another for one of them");
    }
  }
}

}  // namespace taskworker::cli
