// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace taskworker::profiling {

/// Where an address of this process lies in the source. Empty text and line 0
/// for what is not known.
struct source_place {
  std::string function;  ///< demangled, without parameters
  std::string file;      ///< as the line table names it, "./" and "../" folded away
  std::uint32_t line = 0;
  std::string module;         ///< path of the ELF file that holds the address
  std::uintptr_t offset = 0;  ///< the address as that file counts it, for `addr2line -e`;
                              ///< the address itself where no file holds it
};

/// Finds source places in process, from symbol and line tables (elfutils libdw) on
/// this machine: the module's own, or those of its build id under /usr/lib/debug.
/// Nothing is ever downloaded.
///
/// Knows the modules that are mapped at the time of a call, also those opened
/// since the last one. A file that was replaced on disk after it was mapped gives
/// its path and nothing else. One thread at a time. Costs memory for the tables of
/// each module asked for, freed with the object.
class symbolizer {
 public:
  symbolizer();
  ~symbolizer();
  symbolizer(const symbolizer &) = delete;
  symbolizer &operator=(const symbolizer &) = delete;

  /// The place of a return address: that of the call, one byte before it.
  [[nodiscard]] source_place find_call(std::uintptr_t return_address);

 private:
  class tables;
  std::unique_ptr<tables> tables_;
};

/// "bad.cpp:123 (start_helper)": what is known of a place, in a few words;
/// "bad.so+0x1f40" where no line and no function is.
[[nodiscard]] std::string describe(const source_place &place);

}  // namespace taskworker::profiling
