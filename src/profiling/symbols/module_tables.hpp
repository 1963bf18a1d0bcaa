// SPDX-License-Identifier: MIT
#pragma once

#include <elfutils/libdwfl.h>

#include <memory>
#include <optional>
#include <vector>

#include "profiling/symbols/elf_file.hpp"
#include "profiling/symbols/held_modules.hpp"
#include "profiling/symbols/line_tables.hpp"
#include "profiling/symbols/source_place.hpp"
#include "profiling/symbols/symbol_table.hpp"

namespace taskworker::profiling {

/// Symbol and line tables of one module (elfutils libdw): its own, or those of its build id
/// under /usr/lib/debug. Nothing is ever downloaded. Where its file is not to be had, the
/// names that it exports, from memory.
///
/// What an address costs is some microseconds; what a module costs at first is reading its
/// symbols (1 ms for 10'000), and inflating debug information that is compressed, as that of
/// Debian's packages is (7 ms a MiB).
class module_tables {
 public:
  /// Reads no debug information that is larger than `limit`, in one or the other number.
  module_tables(std::shared_ptr<const held_module> module, debug_size limit);

  /// Adds what is known of an instruction to the one place in `places`, innermost first.
  void add_names(std::vector<source_place> &places, std::uintptr_t address);

 private:
  void open_lines();
  [[nodiscard]] bool is_within_limit(const descriptor &file) const;
  void add_exported(source_place &place, std::uintptr_t address) const;

  // libdwfl's view of a module, told through its callbacks.
  static int find_elf(Dwfl_Module *, void **self, const char *name, Dwarf_Addr start, char **path,
                      Elf **elf);
  static int find_debuginfo(Dwfl_Module *, void **self, const char *name, Dwarf_Addr start,
                            const char *file, const char *link, GElf_Word checksum, char **path);
  static const Dwfl_Callbacks callbacks;

  const std::shared_ptr<const held_module> module_;
  const debug_size limit_;
  bool may_read_lines_ = true;
  std::unique_ptr<Dwfl, void (*)(Dwfl *)> session_;
  Dwfl_Module *opened_ = nullptr;  // null where there is no file
  std::optional<symbol_table> symbols_;
  std::optional<line_tables> lines_;
  Dwarf_Addr lines_bias_ = 0;
};

}  // namespace taskworker::profiling
