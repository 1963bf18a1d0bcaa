// SPDX-License-Identifier: MIT
#include "cli/config_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "cli/error.hpp"

namespace taskworker::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r";
  const auto begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

// Of UTF-8, as some editors begin a file.
std::string_view without_mark(std::string_view text) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

[[noreturn]] void refuse_file(const std::string &path, const std::string &reason) {
  throw file_error("--config: " + path + " cannot be read: " + reason);
}

setting parse_line(std::string_view line, const std::string &place) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) {
    throw usage_error(place + ": no '=' in '" + std::string(line) +
                      "'; expected option = value, or # and a comment");
  }
  const std::string name(trimmed(line.substr(0, equals)));
  return {name, {place + ": " + name, std::string(trimmed(line.substr(equals + 1)))}};
}

}  // namespace

std::vector<setting> read_config_file(const std::string &path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) refuse_file(path, "it is a folder");
  std::ifstream file(path);
  if (!file) refuse_file(path, std::strerror(errno));

  std::vector<setting> settings;
  std::string text;
  for (std::size_t number = 1; std::getline(file, text); ++number) {
    const std::string_view line = trimmed(number == 1 ? without_mark(text) : text);
    if (line.empty() || line.starts_with('#')) continue;
    settings.push_back(parse_line(line, path + ":" + std::to_string(number)));
  }
  if (file.bad()) refuse_file(path, std::strerror(errno));
  return settings;
}

}  // namespace taskworker::cli
