// SPDX-License-Identifier: MIT
#include "profiling/format/profile_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "profiling/descriptor.hpp"
#include "profiling/format/pprof_encoder.hpp"
#include "profiling/heap/heap.hpp"

namespace taskworker::profiling {
namespace {

bool is_regular(int file) {
  struct stat status = {};
  return fstat(file, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

void write_whole_file(const std::string &path, std::string_view bytes, std::string_view what) {
  const descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  const int error = file.is_open() ? write_all(file.number(), bytes) : errno;
  if (error == 0) return;
  if (file.is_open() && is_regular(file.number())) unlink(path.c_str());
  throw profile_file_error("cannot write the " + std::string(what) + " to '" + path +
                           "': " + std::generic_category().message(error));
}

std::string read_whole_file(const std::string &path) {
  const descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string content;
  std::array<char, 65'536> part;
  while (true) {
    const ssize_t got = file.is_open() ? read(file.number(), part.data(), part.size()) : -1;
    if (got < 0 && file.is_open() && errno == EINTR) continue;
    if (got < 0) {
      throw profile_file_error("cannot read '" + path +
                               "': " + std::generic_category().message(errno));
    }
    if (got == 0) return content;
    content.append(part.data(), static_cast<std::size_t>(got));
  }
}

void write_heap_file(const std::string &path, symbols &names) {
  const bool is_pprof = path.ends_with(".pb.gz");
  write_whole_file(path, is_pprof ? encode_pprof(read_heap_profile(), names) : dump_heap(),
                   "heap profile");
}

void write_cpu_file(const std::string &path, const profile &taken, symbols &names) {
  write_whole_file(path, encode_pprof(taken, names), "CPU profile");
}

}  // namespace taskworker::profiling
