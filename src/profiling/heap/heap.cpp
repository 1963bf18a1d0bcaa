// SPDX-License-Identifier: MIT
#include "profiling/heap/heap.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>

#include "profiling/descriptor.hpp"
#include "profiling/heap/heap_snapshot.hpp"

namespace taskworker::profiling {
namespace {

// 0 or the errno of what failed.
int write_all(const descriptor &to, std::string_view data) {
  if (!to.is_open()) return errno;
  while (!data.empty()) {
    const ssize_t written = write(to.number(), data.data(), data.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    data.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

bool is_regular(const descriptor &file) {
  struct stat status = {};
  return file.is_open() && fstat(file.number(), &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

void write_heap_dump(const std::string &path) {
  const std::string dump = dump_heap();
  const descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  const int error = write_all(file, dump);
  if (error == 0) return;
  if (is_regular(file)) unlink(path.c_str());
  throw heap_error("cannot write the heap profile to '" + path +
                   "': " + std::generic_category().message(error));
}

profile read_heap_profile() { return make_heap_profile(take_heap_snapshot()); }

}  // namespace taskworker::profiling
