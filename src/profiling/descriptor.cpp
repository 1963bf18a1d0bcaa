// SPDX-License-Identifier: MIT
#include "profiling/descriptor.hpp"

#include <cerrno>

namespace taskworker::profiling {

int write_all(const descriptor &to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(to.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace taskworker::profiling
