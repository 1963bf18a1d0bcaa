// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace taskworker::profiling {

/// Where an address of this process lies in the source. Empty text and line 0
/// for what is not known.
struct source_place {
  std::string function;          ///< demangled, without parameters
  std::string system_name;       ///< the function as its symbol names it: mangled, no version
  std::uint32_t start_line = 0;  ///< of the function
  std::string file;              ///< as the line table names it, "./" and "../" folded away
  std::uint32_t line = 0;
  std::string module;         ///< path of the ELF file that holds the address
  std::uintptr_t offset = 0;  ///< the address as that file counts it, for `addr2line -e`;
                              ///< the address itself where no file holds it
};

/// A function's name without "(anonymous namespace)::", for a person. [thread-safe]
[[nodiscard]] std::string without_anonymous(std::string function);

/// "bad.cpp:123 (start_helper)": what is known of a place, in a few words;
/// "bad.so+0x1f40" where no line and no function is. [thread-safe]
[[nodiscard]] std::string describe(const source_place &place);

}  // namespace taskworker::profiling
