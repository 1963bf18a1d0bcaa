// SPDX-License-Identifier: MIT
#include "profiling/probes/file_probes.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "metrics/units.hpp"
#include "profiling/descriptor.hpp"

namespace taskworker::profiling {
namespace {

std::string text_of(int error) { return std::generic_category().message(error); }

std::string describe_space(const std::string &folder) {
  std::error_code failed;
  const auto space = std::filesystem::space(folder, failed);
  return failed ? "" : ", " + metrics::in_bytes(space.available) + " free";
}

std::string full_path(const std::string &folder) {
  std::error_code failed;
  const auto path = std::filesystem::absolute(folder, failed).lexically_normal().string();
  return failed ? folder : path;
}

}  // namespace

probe_result probe_folder(const std::string &folder) {
  constexpr auto name = "current folder";
  std::string path = folder + "/taskworker-doctor-XXXXXX";
  const descriptor file(::mkstemp(path.data()));
  if (!file.is_open()) {
    return warned(name, full_path(folder) + ": " + text_of(errno),
                  "heap dumps by SIGUSR2 and files with relative paths would be lost: start in a "
                  "folder that you may write to");
  }
  ::unlink(path.c_str());
  return passed(name, "can be written to" + describe_space(folder));
}

probe_result probe_memory_file() {
  constexpr auto name = "memory files";
  const descriptor file(::memfd_create("doctor", MFD_CLOEXEC));
  const char text[] = "a line\n";
  const bool is_written =
      file.is_open() && ::write(file.number(), text, sizeof text) == sizeof text;
  if (is_written) return passed(name, "memfd_create works: heap profiles need no disk");
  return unmet(name, "memfd_create: " + text_of(errno),
               "heap profiles go through it: allow it in the sandbox (seccomp), or mount /proc");
}

}  // namespace taskworker::profiling
