// SPDX-License-Identifier: MIT
#include "profiling/symbols/line_tables.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>

namespace taskworker::profiling {

void line_tables::add_lines(std::vector<source_place> &places, Dwarf_Addr address) {
  Dwarf_Die unit;
  if (!find_unit(address, unit)) return;
  auto &tables = units_[dwarf_dieoffset(&unit)];
  if (tables == nullptr) tables = std::make_unique<unit_tables>(unit);
  tables->add_lines(places, address);
}

// clang writes no .debug_aranges, and elfutils before 0.190 looks nowhere else.
bool line_tables::find_unit(Dwarf_Addr address, Dwarf_Die &unit) {
  if (dwarf_addrdie(dwarf_, address, &unit) != nullptr) return true;
  if (!std::exchange(has_ranges_, true)) read_ranges();
  const auto next =
      std::upper_bound(ranges_.begin(), ranges_.end(), address,
                       [](Dwarf_Addr value, const auto &each) { return value < each.start; });
  if (next == ranges_.begin() || address >= std::prev(next)->end) return false;
  return dwarf_offdie(dwarf_, std::prev(next)->unit, &unit) != nullptr;
}

void line_tables::read_ranges() {
  Dwarf_Off offset = 0, next = 0;
  std::size_t header_size = 0;
  while (dwarf_nextcu(dwarf_, offset, &next, &header_size, nullptr, nullptr, nullptr) == 0) {
    Dwarf_Die unit;
    if (dwarf_offdie(dwarf_, offset + header_size, &unit) != nullptr) add_ranges_of(unit);
    offset = next;
  }
  std::sort(ranges_.begin(), ranges_.end(),
            [](const auto &left, const auto &right) { return left.start < right.start; });
}

void line_tables::add_ranges_of(Dwarf_Die &unit) {
  Dwarf_Addr base = 0, start = 0, end = 0;
  std::ptrdiff_t next = 0;
  while ((next = dwarf_ranges(&unit, next, &base, &start, &end)) > 0) {
    ranges_.push_back({start, end, dwarf_dieoffset(&unit)});
  }
}

}  // namespace taskworker::profiling
