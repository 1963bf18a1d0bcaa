// SPDX-License-Identifier: MIT
#pragma once

#include <elfutils/libdw.h>

#include <map>
#include <memory>
#include <vector>

#include "profiling/symbols/source_place.hpp"
#include "profiling/symbols/unit_tables.hpp"

namespace taskworker::profiling {

/// The debug information of one module, read unit by unit as it is asked for.
class line_tables {
 public:
  /// `dwarf` must outlive the tables.
  explicit line_tables(Dwarf *dwarf) : dwarf_(dwarf) {}

  /// As unit_tables::add_lines; leaves the place as it is where nothing is known.
  void add_lines(std::vector<source_place> &places, Dwarf_Addr address);

 private:
  struct unit_range {
    Dwarf_Addr start;
    Dwarf_Addr end;
    Dwarf_Off unit;
  };

  bool find_unit(Dwarf_Addr address, Dwarf_Die &unit);
  void read_ranges();
  void add_ranges_of(Dwarf_Die &unit);

  Dwarf *dwarf_;
  std::map<Dwarf_Off, std::unique_ptr<unit_tables>> units_;
  bool has_ranges_ = false;
  std::vector<unit_range> ranges_;  // sorted
};

}  // namespace taskworker::profiling
