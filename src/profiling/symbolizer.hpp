// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "profiling/source_place.hpp"

namespace taskworker::profiling {

/// Finds source places in process, from symbol and line tables (elfutils libdw) on
/// this machine: the module's own, or those of its build id under /usr/lib/debug.
/// Nothing is ever downloaded.
///
/// Knows the modules that are mapped at the time of a call, also those opened
/// since the last one. A file that was replaced on disk after it was mapped gives
/// its path and nothing else. One thread at a time. Costs some 0.1 ms a call, so keep
/// what it found; and memory for the tables of each module asked for, freed with the
/// object (13 MB for a C library that has its debug symbols installed).
class symbolizer {
 public:
  symbolizer();
  ~symbolizer();
  symbolizer(const symbolizer &) = delete;
  symbolizer &operator=(const symbolizer &) = delete;

  /// The places of a return address: of the call, one byte before it, and of the
  /// calls that the compiler put in line around it. Innermost first, never empty;
  /// the last is in the function that the symbol table names.
  [[nodiscard]] std::vector<source_place> find_calls(std::uintptr_t return_address);

  /// The innermost of them.
  [[nodiscard]] source_place find_call(std::uintptr_t return_address);

 private:
  class tables;
  std::unique_ptr<tables> tables_;
};

}  // namespace taskworker::profiling
