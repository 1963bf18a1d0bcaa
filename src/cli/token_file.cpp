// SPDX-License-Identifier: MIT
#include "cli/token_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "cli/error.hpp"

namespace taskworker::cli {
namespace {

// 16 characters of base64 are 96 bits: beyond guessing over a network.
constexpr std::size_t min_token_size = 16;
// More would not fit into a header that the server takes.
constexpr std::size_t max_token_size = 1024;

class token_file {
 public:
  token_file(const std::string &where, const std::string &path)
      : where_(where), path_(path), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) refuse("cannot be read: " + std::string(std::strerror(errno)));
  }
  ~token_file() { ::close(fd_); }
  token_file(const token_file &) = delete;
  token_file &operator=(const token_file &) = delete;

  // Asked of the open file, so that what is checked is what is read.
  void check_kind() const {
    struct stat status{};
    if (::fstat(fd_, &status) != 0) refuse("cannot be read: " + std::string(std::strerror(errno)));
    if (S_ISDIR(status.st_mode)) refuse("is a folder; name a file");
    if ((status.st_mode & (S_IROTH | S_IWOTH)) != 0) {
      refuse("is open to everyone; chmod 600 " + path_);
    }
  }

  // All of it, or as much as is enough to see that it is too long.
  std::string read() const {
    std::string text;
    std::array<char, 4 * max_token_size> buffer;
    while (text.size() < buffer.size()) {
      const ssize_t got = ::read(fd_, buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) refuse("cannot be read: " + std::string(std::strerror(errno)));
      if (got == 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

  [[noreturn]] void refuse(const std::string &reason) const {
    throw file_error(where_ + ": " + path_ + " " + reason);
  }

 private:
  const std::string &where_;
  const std::string &path_;
  int fd_;
};

std::string trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(space) - begin + 1));
}

}  // namespace

std::string read_token_file(const std::string &where, const std::string &path) {
  const token_file file(where, path);
  file.check_kind();
  std::string token = trimmed(file.read());
  if (token.size() < min_token_size || token.size() > max_token_size) {
    file.refuse("has a token of the wrong length; expected " + std::to_string(min_token_size) +
                " to " + std::to_string(max_token_size) + " characters");
  }
  if (!std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7f'; })) {
    file.refuse(
        "has a token that no header can carry; expected one line of letters, digits "
        "and signs");
  }
  return token;
}

}  // namespace taskworker::cli
