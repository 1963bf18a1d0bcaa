// SPDX-License-Identifier: MIT
#include "profiling/symbols/module_tables.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "profiling/symbols/demangle.hpp"
#include "profiling/symbols/elf_file.hpp"

namespace taskworker::profiling {
namespace {

void set_function(source_place &place, const char *symbol) {
  place.function = demangle_function(symbol);
  place.system_name = strip_version(symbol);
}

/// Keeps a library mapped for as long as its memory is read.
class pin {
 public:
  explicit pin(const loaded_module &module)
      : handle_(module.is_program() || module.is_from_kernel()
                    ? nullptr
                    : ::dlopen(module.link_name.c_str(), RTLD_LAZY | RTLD_NOLOAD)) {}
  ~pin() {
    if (handle_ != nullptr) ::dlclose(handle_);
  }
  pin(const pin &) = delete;
  pin &operator=(const pin &) = delete;

 private:
  void *handle_;
};

}  // namespace

const Dwfl_Callbacks module_tables::callbacks{
    .find_elf = &module_tables::find_elf,
    .find_debuginfo = &module_tables::find_debuginfo,
    .section_address = nullptr,
    .debuginfo_path = nullptr,
};

module_tables::module_tables(std::shared_ptr<const held_module> module, debug_size limit)
    : module_(std::move(module)), limit_(limit), session_(dwfl_begin(&callbacks), &dwfl_end) {
  if (session_ == nullptr) throw std::bad_alloc();
  const loaded_module &loaded = module_->loaded;
  if (!module_->file.is_open() && !loaded.is_from_kernel()) return;
  dwfl_report_begin(session_.get());
  opened_ = dwfl_report_module(session_.get(), loaded.path.c_str(), loaded.start, loaded.end);
  dwfl_report_end(session_.get(), nullptr, nullptr);
  void **self = nullptr;
  dwfl_module_info(opened_, &self, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
  *self = this;
  symbols_.emplace(opened_);
  open_lines();
}

bool module_tables::is_within_limit(const descriptor &file) const {
  const debug_size size = elf_file(file.number()).measure_debug();
  return size.bytes <= limit_.bytes && size.inflated <= limit_.inflated;
}

void module_tables::open_lines() {
  if (module_->file.is_open() && !is_within_limit(module_->file)) may_read_lines_ = false;
  if (!may_read_lines_) return;
  Dwarf *const dwarf = dwfl_module_getdwarf(opened_, &lines_bias_);
  if (dwarf != nullptr) lines_.emplace(dwarf);
}

// libdwfl closes what it is given.
int module_tables::find_elf(Dwfl_Module *opened, void **self, const char *, Dwarf_Addr start,
                            char **path, Elf **elf) {
  const held_module &module = *static_cast<const module_tables *>(*self)->module_;
  if (module.loaded.is_from_kernel()) {
    const std::string image = "[vdso: " + std::to_string(getpid()) + ']';
    return dwfl_linux_proc_find_elf(opened, self, image.c_str(), start, path, elf);
  }
  *path = ::strdup(module.loaded.path.c_str());
  return ::fcntl(module.file.number(), F_DUPFD_CLOEXEC, 0);
}

// By build id only: dwfl_standard_find_debuginfo would go on to ask debuginfod servers. Is
// called for symbols first where the module itself has none but those that it exports.
int module_tables::find_debuginfo(Dwfl_Module *opened, void **self, const char *name,
                                  Dwarf_Addr start, const char *file, const char *link,
                                  GElf_Word checksum, char **path) {
  auto &tables = *static_cast<module_tables *>(*self);
  descriptor found(
      dwfl_build_id_find_debuginfo(opened, self, name, start, file, link, checksum, path));
  if (!found.is_open()) return -1;
  tables.may_read_lines_ = tables.is_within_limit(found);
  const bool is_for_symbols = !tables.symbols_.has_value();
  return is_for_symbols || tables.may_read_lines_ ? found.release() : -1;
}

void module_tables::add_names(std::vector<source_place> &places, std::uintptr_t address) {
  source_place &place = places.front();
  if (opened_ == nullptr) return add_exported(place, address);
  if (const char *const symbol = symbols_->find(address)) set_function(place, symbol);
  if (lines_) lines_->add_lines(places, address - lines_bias_);
}

void module_tables::add_exported(source_place &place, std::uintptr_t address) const {
  const pin mapped(module_->loaded);
  Dl_info info{};
  const auto *const pointer = reinterpret_cast<const void *>(address);  // NOLINT: a code address
  if (::dladdr(pointer, &info) == 0 || info.dli_sname == nullptr) return;
  set_function(place, info.dli_sname);
}

}  // namespace taskworker::profiling
