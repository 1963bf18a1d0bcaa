// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "profiling/profile.hpp"
#include "profiling/symbols/symbols.hpp"

namespace taskworker::profiling {

/// A file could not be written or read. what() is one line that names it and says why.
class profile_file_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Writes a file whole; on failure no half of it stays. `what` names its content in the
/// error: "CPU profile". Throws profile_file_error. [thread-safe]
void write_whole_file(const std::string &path, std::string_view bytes, std::string_view what);

/// What a file holds. Throws profile_file_error. [thread-safe]
[[nodiscard]] std::string read_whole_file(const std::string &path);

/// Writes the heap now to `path`: as gzip'd profile.proto where the name ends in ".pb.gz",
/// for `go tool pprof`; else the allocator's own dump, for `jeprof`. Throws
/// profile_file_error or heap_error. [thread-safe]
void write_heap_file(const std::string &path, symbols &names);

/// Writes a CPU profile as gzip'd profile.proto. Throws profile_file_error. [thread-safe]
void write_cpu_file(const std::string &path, const profile &taken, symbols &names);

}  // namespace taskworker::profiling
