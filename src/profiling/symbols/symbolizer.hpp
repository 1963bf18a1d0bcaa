// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "profiling/symbols/elf_file.hpp"
#include "profiling/symbols/held_modules.hpp"
#include "profiling/symbols/module_tables.hpp"
#include "profiling/symbols/source_place.hpp"

namespace taskworker::profiling {

/// Finds source places in process, from the symbol and line tables of the modules that
/// are mapped at the time of a call. A module counts as what it was when it was first
/// seen, whatever became of its file since.
///
/// Caches tables, not places: some 5 us a call once those of a module are read, so keep what
/// it found. One thread at a time.
class symbolizer {
 public:
  /// A module with more debug information gives function names only. What is not compressed
  /// is mapped, and little of it read; what is compressed is inflated in whole, 7 ms a MiB.
  static constexpr debug_size default_limit{.bytes = std::uint64_t{256} << 20,
                                            .inflated = std::uint64_t{1} << 20};

  explicit symbolizer(debug_size limit = default_limit) : limit_(limit) {}

  /// The places of a return address: of the call, one byte before it, and of the
  /// calls that the compiler put in line around it. Innermost first, never empty;
  /// the last is in the function that the symbol table names.
  [[nodiscard]] std::vector<source_place> find_calls(std::uintptr_t return_address);

  /// The innermost of them.
  [[nodiscard]] source_place find_call(std::uintptr_t return_address);

  /// What is mapped now, files opened. Valid until the next call.
  const held_modules &modules();

  /// Frees the tables; the next call for a module reads them again.
  void release_tables() { tables_.clear(); }

 private:
  module_tables &tables_of(const std::shared_ptr<const held_module> &module);

  const debug_size limit_;
  held_modules modules_;
  std::map<std::uint64_t, std::unique_ptr<module_tables>> tables_;  // by generation
};

}  // namespace taskworker::profiling
