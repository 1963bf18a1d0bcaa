// SPDX-License-Identifier: MIT
#pragma once

#include <elfutils/libdw.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "profiling/symbols/source_place.hpp"

namespace taskworker::profiling {

/// Lines and functions of one compilation unit, sorted by address when it is first asked
/// for: libdw itself walks the unit's whole tree for each address.
class unit_tables {
 public:
  /// The Dwarf that `unit` belongs to must outlive the tables.
  explicit unit_tables(Dwarf_Die unit);

  /// Gives the one place in `places` its file and line, and splits it into those of all
  /// functions that are in line there, innermost first. `address` is counted as the tables do.
  void add_lines(std::vector<source_place> &places, Dwarf_Addr address);

 private:
  struct function {
    Dwarf_Addr start;
    Dwarf_Addr end;
    Dwarf_Die die;
  };

  void find_functions(Dwarf_Die parent);
  function *find_function(Dwarf_Addr address);
  void set_line(source_place &place, Dwarf_Addr address);
  void add_inlined(std::vector<source_place> &places, Dwarf_Die around, Dwarf_Addr address);
  const std::string &path_of(const char *file);

  Dwarf_Die unit_;
  Dwarf_Files *files_ = nullptr;
  std::string folder_;  // that the compiler ran in
  std::vector<function> functions_;
  std::unordered_map<const char *, std::string> paths_;  // by libdw's own text
};

}  // namespace taskworker::profiling
