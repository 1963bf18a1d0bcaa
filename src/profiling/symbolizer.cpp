// SPDX-License-Identifier: MIT
#include "profiling/symbolizer.hpp"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <span>
#include <string_view>

#include "profiling/demangle.hpp"
#include "profiling/modules.hpp"

namespace taskworker::profiling {
namespace {

// By build id only: dwfl_standard_find_debuginfo would go on to ask debuginfod servers.
constexpr Dwfl_Callbacks local_files{
    .find_elf = &dwfl_linux_proc_find_elf,
    .find_debuginfo = &dwfl_build_id_find_debuginfo,
    .section_address = nullptr,
    .debuginfo_path = nullptr,
};

/// A compilation unit, and addresses as its tables count them.
struct unit_position {
  Dwarf_Die *unit = nullptr;
  Dwarf_Addr address = 0;
};

unit_position find_unit(Dwfl_Module *module, Dwarf_Addr address) {
  Dwarf_Addr bias = 0;
  if (Dwarf_Die *unit = dwfl_module_addrdie(module, address, &bias)) return {unit, address - bias};
  // clang writes no .debug_aranges, and elfutils before 0.190 looks nowhere else.
  Dwarf_Die *unit = nullptr;
  while ((unit = dwfl_module_nextcu(module, unit, &bias)) != nullptr) {
    if (dwarf_haspc(unit, address - bias) == 1) return {unit, address - bias};
  }
  return {};
}

// Line tables name most files from the folder that the compiler ran in; libdw puts that
// folder before some of them, which shows only where it is not relative itself.
void set_file(source_place &place, const unit_position &position, const char *file) {
  if (file == nullptr) return;
  std::filesystem::path path = file;
  Dwarf_Attribute attribute;
  const char *folder = dwarf_formstring(dwarf_attr(position.unit, DW_AT_comp_dir, &attribute));
  if (folder != nullptr && path.is_relative() &&
      !std::string_view(file).starts_with(std::string(folder) + '/')) {
    path = folder / path;
  }
  place.file = path.lexically_normal().string();
}

void set_line(source_place &place, const unit_position &position) {
  Dwarf_Line *const line = dwarf_getsrc_die(position.unit, position.address);
  int number = 0;
  if (dwarf_lineno(line, &number) != 0) return;  // also when there is no line
  set_file(place, position, dwarf_linesrc(line, nullptr, nullptr));
  place.line = static_cast<std::uint32_t>(number);
}

/// An array that libdw allocated.
class scope_list {
 public:
  scope_list(Dwarf_Die *scopes, int count)
      : scopes_(scopes, &std::free), count_(count > 0 ? static_cast<std::size_t>(count) : 0) {}

  [[nodiscard]] std::span<Dwarf_Die> all() const { return {scopes_.get(), count_}; }

 private:
  std::unique_ptr<Dwarf_Die, decltype(&std::free)> scopes_;
  std::size_t count_;
};

// The scopes around an address, innermost first. dwarf_getscopes alone leaves the
// function for the place where what is in line was defined.
scope_list find_scopes(const unit_position &position) {
  Dwarf_Die *scopes = nullptr;
  int count = dwarf_getscopes(position.unit, position.address, &scopes);
  const scope_list defined(scopes, count);
  if (defined.all().empty()) return {nullptr, 0};
  scopes = nullptr;
  count = dwarf_getscopes_die(&defined.all().front(), &scopes);
  return {scopes, count};
}

std::uint64_t number_of(Dwarf_Die &die, unsigned name) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  return dwarf_formudata(dwarf_attr(&die, name, &attribute), &value) == 0 ? value : 0;
}

// clang's line tables hold the plain names only.
std::string name_of_inlined(Dwarf_Die &die) {
  Dwarf_Attribute attribute;
  const char *linkage =
      dwarf_formstring(dwarf_attr_integrate(&die, DW_AT_linkage_name, &attribute));
  if (linkage != nullptr) return demangle_function(linkage);
  const char *plain = dwarf_diename(&die);
  return plain != nullptr ? plain : "";
}

// Splits the one place of an address into those of all functions that are in line there.
void add_inlined(std::vector<source_place> &places, const unit_position &position) {
  const scope_list scopes = find_scopes(position);
  Dwarf_Files *files = nullptr;
  if (dwarf_getsrcfiles(position.unit, &files, nullptr) != 0) return;
  for (Dwarf_Die &die : scopes.all()) {
    if (dwarf_tag(&die) != DW_TAG_inlined_subroutine) continue;
    source_place caller = places.back();
    places.back().function = name_of_inlined(die);
    set_file(caller, position,
             dwarf_filesrc(files, number_of(die, DW_AT_call_file), nullptr, nullptr));
    caller.line = static_cast<std::uint32_t>(number_of(die, DW_AT_call_line));
    places.push_back(std::move(caller));
  }
}

// Whether the file at the module's path can be read and is what was mapped.
bool is_file_of(const loaded_module &loaded, Dwfl_Module *module) {
  GElf_Addr address = 0;
  if (dwfl_module_getelf(module, &address) == nullptr) return false;
  const unsigned char *id = nullptr;
  const int size = dwfl_module_build_id(module, &id, &address);
  const auto in_file = std::as_bytes(std::span(id, size > 0 ? static_cast<std::size_t>(size) : 0));
  return std::equal(in_file.begin(), in_file.end(), loaded.build_id.begin(), loaded.build_id.end());
}

void add_names(std::vector<source_place> &places, Dwfl_Module *module, Dwarf_Addr address) {
  GElf_Addr bias = 0;
  dwfl_module_getelf(module, &bias);
  places[0].offset = address - bias;
  const char *const symbol = dwfl_module_addrname(module, address);
  if (symbol != nullptr) places[0].function = demangle_function(symbol);
  const unit_position position = find_unit(module, address);
  if (position.unit == nullptr) return;
  set_line(places[0], position);
  add_inlined(places, position);
}

}  // namespace

class symbolizer::tables {
 public:
  tables() : session_(dwfl_begin(&local_files)) {
    if (session_ == nullptr) throw std::bad_alloc();
  }
  ~tables() { dwfl_end(session_); }
  tables(const tables &) = delete;
  tables &operator=(const tables &) = delete;

  std::vector<source_place> find(Dwarf_Addr address) {
    report_modules();
    std::vector<source_place> places(1);
    places[0].offset = address;
    const auto loaded = std::find_if(loaded_.begin(), loaded_.end(), [&](const auto &each) {
      return each.start <= address && address < each.end;
    });
    if (loaded == loaded_.end()) return places;
    places[0].module = loaded->path;
    places[0].offset = address - loaded->start;
    Dwfl_Module *const module = dwfl_addrmodule(session_, address);
    if (is_file_of(*loaded, module)) add_names(places, module, address);
    return places;
  }

 private:
  // Modules that stay keep the tables read so far. /proc/self/maps is no help here: it
  // also has the files that libelf itself has mapped, and dwfl_linux_proc_report takes
  // such a mapping and the module next to it for one.
  void report_modules() {
    const std::uint64_t changes = count_module_changes();
    if (changes == reported_changes_) return;
    reported_changes_ = changes;
    loaded_ = find_loaded_modules();
    dwfl_report_begin(session_);
    for (const auto &module : loaded_) {
      dwfl_report_module(session_, module.path.c_str(), module.start, module.end);
    }
    dwfl_report_end(session_, nullptr, nullptr);
  }

  Dwfl *session_;
  std::vector<loaded_module> loaded_;
  std::uint64_t reported_changes_ = 0;
};

symbolizer::symbolizer() : tables_(std::make_unique<tables>()) {}
symbolizer::~symbolizer() = default;

std::vector<source_place> symbolizer::find_calls(std::uintptr_t return_address) {
  return tables_->find(return_address - 1);
}

source_place symbolizer::find_call(std::uintptr_t return_address) {
  return std::move(find_calls(return_address).front());
}

}  // namespace taskworker::profiling
