// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace taskworker::profiling {

/// A program or library that the dynamic linker has mapped into this process.
struct loaded_module {
  std::string path;          ///< absolute; "[vdso: PID]" for what the kernel maps
  std::uintptr_t start = 0;  ///< of its first segment, as aligned in memory
  std::uintptr_t end = 0;
  std::span<const std::byte> build_id;  ///< in the module's own memory; empty where it has none
};

/// The modules that are mapped now, the program first. Their files are not looked at.
/// Takes the dynamic linker's lock. [thread-safe]
[[nodiscard]] std::vector<loaded_module> find_loaded_modules();

/// Differs from the last call's when a module was opened or closed since. Less than a
/// microsecond. [thread-safe]
[[nodiscard]] std::uint64_t count_module_changes();

}  // namespace taskworker::profiling
