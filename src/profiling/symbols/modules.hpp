// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace taskworker::profiling {

/// A stretch of code in memory, in whole pages, and the file that it was mapped from
/// (pprof's Mapping).
struct code_mapping {
  std::uintptr_t start = 0;
  std::uintptr_t limit = 0;  ///< one past its last byte
  std::uintptr_t file_offset = 0;
  std::string path;
  std::string build_id;  ///< lower-case hexadecimal; empty where the module has none
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy takes the comparison's 0 for a pointer
  friend auto operator<=>(const code_mapping &, const code_mapping &) = default;
};

/// A program or library that the dynamic linker has mapped into this process.
struct loaded_module {
  std::string path;          ///< absolute; "[vdso]" for what the kernel maps
  std::string link_name;     ///< as the dynamic linker calls it; empty for the program
  std::uintptr_t start = 0;  ///< of its first segment, as aligned in memory
  std::uintptr_t end = 0;
  std::uintptr_t bias = 0;         ///< an address less this is what the file calls it
  std::string build_id;            ///< lower-case hexadecimal; empty where it has none
  std::vector<code_mapping> code;  ///< its executable segments
  friend bool operator==(const loaded_module &, const loaded_module &) = default;

  [[nodiscard]] bool is_program() const { return link_name.empty(); }
  [[nodiscard]] bool is_from_kernel() const { return path.starts_with('['); }
};

/// The modules that are mapped now, the program first. Their files are not looked at.
/// Takes the dynamic linker's lock. [thread-safe]
[[nodiscard]] std::vector<loaded_module> find_loaded_modules();

/// Differs from the last call's when a module was opened or closed since. Less than a
/// microsecond. [thread-safe]
[[nodiscard]] std::uint64_t count_module_changes();

}  // namespace taskworker::profiling
