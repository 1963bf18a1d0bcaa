// SPDX-License-Identifier: MIT
#include "profiling/symbolizer.hpp"

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <link.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <new>
#include <string_view>

#include "profiling/demangle.hpp"

namespace taskworker::profiling {
namespace {

// By build id only: dwfl_standard_find_debuginfo would go on to ask debuginfod servers.
constexpr Dwfl_Callbacks local_files{
    .find_elf = &dwfl_linux_proc_find_elf,
    .find_debuginfo = &dwfl_build_id_find_debuginfo,
    .section_address = nullptr,
    .debuginfo_path = nullptr,
};

// Changes whenever a library is opened or closed.
std::uint64_t count_library_changes() {
  std::uint64_t changes = 0;
  dl_iterate_phdr(
      [](dl_phdr_info *info, std::size_t, void *data) {
        *static_cast<std::uint64_t *>(data) = info->dlpi_adds + info->dlpi_subs;
        return 1;
      },
      &changes);
  return changes;
}

std::string text_or_empty(const char *text) { return text != nullptr ? text : ""; }

Dwarf_Die *find_unit(Dwfl_Module *module, Dwarf_Addr address, Dwarf_Addr *bias) {
  if (Dwarf_Die *unit = dwfl_module_addrdie(module, address, bias)) return unit;
  // clang writes no .debug_aranges, and elfutils before 0.190 looks nowhere else.
  Dwarf_Die *unit = nullptr;
  while ((unit = dwfl_module_nextcu(module, unit, bias)) != nullptr) {
    if (dwarf_haspc(unit, address - *bias) == 1) return unit;
  }
  return nullptr;
}

void find_line(Dwfl_Module *module, Dwarf_Addr address, source_place &place) {
  Dwarf_Addr bias = 0;
  Dwarf_Die *const unit = find_unit(module, address, &bias);
  if (unit == nullptr) return;
  Dwarf_Line *const line = dwarf_getsrc_die(unit, address - bias);
  const char *const file = dwarf_linesrc(line, nullptr, nullptr);  // takes null
  int number = 0;
  if (file == nullptr || dwarf_lineno(line, &number) != 0) return;
  place.file = std::filesystem::path(file).lexically_normal().string();
  place.line = static_cast<std::uint32_t>(number);
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

  source_place find(Dwarf_Addr address) {
    report_modules();
    source_place place;
    place.offset = address;
    Dwfl_Module *const module = dwfl_addrmodule(session_, address);
    if (module == nullptr) return place;
    place.module = text_or_empty(
        dwfl_module_info(module, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));
    GElf_Addr bias = 0;
    if (dwfl_module_getelf(module, &bias) == nullptr) return place;
    place.offset = address - bias;
    if (const char *symbol = dwfl_module_addrname(module, address)) {
      place.function = demangle_function(symbol);
    }
    find_line(module, address, place);
    return place;
  }

 private:
  // Modules that stay keep the tables read so far.
  void report_modules() {
    const std::uint64_t changes = count_library_changes();
    if (changes == reported_changes_) return;
    reported_changes_ = changes;
    dwfl_report_begin(session_);
    dwfl_linux_proc_report(session_, getpid());
    dwfl_report_end(session_, nullptr, nullptr);
  }

  Dwfl *session_;
  std::uint64_t reported_changes_ = 0;
};

symbolizer::symbolizer() : tables_(std::make_unique<tables>()) {}
symbolizer::~symbolizer() = default;

source_place symbolizer::find_call(std::uintptr_t return_address) {
  return tables_->find(return_address - 1);
}

namespace {

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string without_anonymous(std::string text) {
  constexpr std::string_view anonymous = "(anonymous namespace)::";
  for (auto at = text.find(anonymous); at != text.npos; at = text.find(anonymous, at)) {
    text.erase(at, anonymous.size());
  }
  return text;
}

std::string hexadecimal(std::uintptr_t number) {
  char text[2 + 2 * sizeof number + 1];
  std::snprintf(text, sizeof text, "0x%" PRIxPTR, number);
  return text;
}

}  // namespace

std::string describe(const source_place &place) {
  if (place.module.empty() && place.line == 0) return hexadecimal(place.offset);
  std::string text(base_name(place.line != 0 ? place.file : place.module));
  if (place.line != 0) text += ':' + std::to_string(place.line);
  if (!place.function.empty()) {
    text += " (" + without_anonymous(place.function) + ')';
  } else if (place.line == 0) {
    text += '+' + hexadecimal(place.offset);
  }
  return text;
}

}  // namespace taskworker::profiling
