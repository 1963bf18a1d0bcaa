// SPDX-License-Identifier: MIT
#include "check/output_trap.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace taskworker::check {
namespace {

constexpr std::size_t told = 200;  ///< bytes: enough to know it by

int require(int descriptor, const char *call) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), call);
  return descriptor;
}

}  // namespace

output_trap::output_trap()
    : trap_(require(::memfd_create("stdout", MFD_CLOEXEC), "memfd_create")),
      before_(require(::dup(STDOUT_FILENO), "dup")) {
  std::fflush(stdout);
  ::dup2(trap_, STDOUT_FILENO);
}

output_trap::~output_trap() {
  put_back();
  ::close(trap_);
}

std::string output_trap::take() {
  put_back();
  std::string begin;
  std::array<char, 4096> bytes;
  ::lseek(trap_, 0, SEEK_SET);
  for (ssize_t size; (size = ::read(trap_, bytes.data(), bytes.size())) > 0;) {
    const auto count = static_cast<std::size_t>(size);
    begin.append(bytes.data(), std::min(count, told - begin.size()));
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, bytes.data(), count);
  }
  return begin;
}

void output_trap::put_back() {
  if (before_ < 0) return;
  std::fflush(stdout);
  ::dup2(before_, STDOUT_FILENO);
  ::close(std::exchange(before_, -1));
}

}  // namespace taskworker::check
