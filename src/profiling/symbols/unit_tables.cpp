// SPDX-License-Identifier: MIT
#include "profiling/symbols/unit_tables.hpp"

#include <dwarf.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "profiling/symbols/demangle.hpp"

namespace taskworker::profiling {
namespace {

const char *text_of(Dwarf_Die &die, unsigned name) {
  Dwarf_Attribute attribute;
  return dwarf_formstring(dwarf_attr_integrate(&die, name, &attribute));
}

std::uint64_t number_of(Dwarf_Die &die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  return dwarf_formudata(dwarf_attr(&die, name, &attribute), &value) == 0 ? value : 0;
}

std::uint32_t first_line_of(Dwarf_Die &function) {
  int line = 0;
  return dwarf_decl_line(&function, &line) == 0 ? static_cast<std::uint32_t>(line) : 0;
}

// clang's line tables hold the plain names only.
void set_function(source_place &place, Dwarf_Die &function) {
  const char *const linkage = text_of(function, DW_AT_linkage_name);
  const char *const plain = dwarf_diename(&function);
  const char *const name = linkage != nullptr ? linkage : plain;
  if (name == nullptr) return;
  place.function = linkage != nullptr ? demangle_function(linkage) : plain;
  place.system_name = name;
}

bool may_hold_functions(Dwarf_Die &die) {
  switch (dwarf_tag(&die)) {
    case DW_TAG_class_type:
    case DW_TAG_module:
    case DW_TAG_namespace:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
      return true;
    default:
      return false;
  }
}

bool may_hold_inlined(Dwarf_Die &die) {
  switch (dwarf_tag(&die)) {
    case DW_TAG_catch_block:
    case DW_TAG_inlined_subroutine:
    case DW_TAG_lexical_block:
    case DW_TAG_try_block:
      return true;
    default:
      return false;
  }
}

std::optional<Dwarf_Die> find_scope(Dwarf_Die &around, Dwarf_Addr address) {
  Dwarf_Die die;
  int more = dwarf_child(&around, &die);
  for (; more == 0; more = dwarf_siblingof(&die, &die)) {
    if (may_hold_inlined(die) && dwarf_haspc(&die, address) == 1) return die;
  }
  return std::nullopt;
}

// The calls in line at an address, outermost first.
std::vector<Dwarf_Die> find_inlined(Dwarf_Die function, Dwarf_Addr address) {
  std::vector<Dwarf_Die> inlined;
  while (auto scope = find_scope(function, address)) {
    function = *scope;
    if (dwarf_tag(&function) == DW_TAG_inlined_subroutine) inlined.push_back(function);
  }
  return inlined;
}

}  // namespace

unit_tables::unit_tables(Dwarf_Die unit) : unit_(unit) {
  dwarf_getsrcfiles(&unit_, &files_, nullptr);
  if (const char *const folder = text_of(unit_, DW_AT_comp_dir)) folder_ = folder;
  find_functions(unit_);
  std::sort(functions_.begin(), functions_.end(),
            [](const auto &left, const auto &right) { return left.start < right.start; });
}

void unit_tables::find_functions(Dwarf_Die parent) {
  Dwarf_Die die;
  int more = dwarf_child(&parent, &die);
  for (; more == 0; more = dwarf_siblingof(&die, &die)) {
    if (may_hold_functions(die)) find_functions(die);
    if (dwarf_tag(&die) != DW_TAG_subprogram) continue;
    Dwarf_Addr base = 0, start = 0, end = 0;
    std::ptrdiff_t next = 0;
    while ((next = dwarf_ranges(&die, next, &base, &start, &end)) > 0) {
      functions_.push_back({start, end, die});
    }
  }
}

unit_tables::function *unit_tables::find_function(Dwarf_Addr address) {
  const auto next =
      std::upper_bound(functions_.begin(), functions_.end(), address,
                       [](Dwarf_Addr value, const auto &each) { return value < each.start; });
  if (next == functions_.begin()) return nullptr;
  const auto found = std::prev(next);
  return address < found->end ? &*found : nullptr;
}

void unit_tables::add_lines(std::vector<source_place> &places, Dwarf_Addr address) {
  set_line(places.back(), address);
  function *const found = find_function(address);
  if (found == nullptr) return;
  source_place &place = places.back();
  if (place.function.empty()) set_function(place, found->die);
  place.start_line = first_line_of(found->die);
  add_inlined(places, found->die, address);
}

void unit_tables::set_line(source_place &place, Dwarf_Addr address) {
  Dwarf_Line *const line = dwarf_getsrc_die(&unit_, address);
  int number = 0;
  if (dwarf_lineno(line, &number) != 0) return;  // also when there is no line
  place.file = path_of(dwarf_linesrc(line, nullptr, nullptr));
  place.line = static_cast<std::uint32_t>(number);
}

// What has the line of the innermost function so far gets it from the inside out: each call
// in line tells where it stands in the function around it.
void unit_tables::add_inlined(std::vector<source_place> &places, Dwarf_Die around,
                              Dwarf_Addr address) {
  std::vector<Dwarf_Die> inlined = find_inlined(around, address);
  if (files_ == nullptr) return;
  for (auto call = inlined.rbegin(); call != inlined.rend(); ++call) {
    source_place caller = places.back();
    set_function(places.back(), *call);
    places.back().start_line = first_line_of(*call);
    caller.file =
        path_of(dwarf_filesrc(files_, number_of(*call, DW_AT_call_file), nullptr, nullptr));
    caller.line = static_cast<std::uint32_t>(number_of(*call, DW_AT_call_line));
    places.push_back(std::move(caller));
  }
}

// Line tables name most files from the folder that the compiler ran in; libdw puts that
// folder before some of them, which shows only where it is not relative itself.
const std::string &unit_tables::path_of(const char *file) {
  std::string &known = paths_[file];
  if (file == nullptr || !known.empty()) return known;
  std::filesystem::path path = file;
  if (!folder_.empty() && path.is_relative() &&
      !std::string_view(file).starts_with(folder_ + '/')) {
    path = folder_ / path;
  }
  return known = path.lexically_normal().string();
}

}  // namespace taskworker::profiling
