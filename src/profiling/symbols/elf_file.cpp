// SPDX-License-Identifier: MIT
#include "profiling/symbols/elf_file.hpp"

#include <elfutils/libdwelf.h>
#include <gelf.h>

#include <cstddef>
#include <span>
#include <string_view>

#include "profiling/symbols/hexadecimal.hpp"

namespace taskworker::profiling {
namespace {

std::unique_ptr<Elf, int (*)(Elf *)> open_elf(int descriptor) {
  elf_version(EV_CURRENT);
  return {elf_begin(descriptor, ELF_C_READ, nullptr), &elf_end};
}

bool is_debug(const char *section) {
  return section != nullptr && std::string_view(section).starts_with(".debug_");
}

void add_section(debug_size &size, Elf_Scn *section, const GElf_Shdr &header) {
  GElf_Chdr compressed;
  if ((header.sh_flags & SHF_COMPRESSED) == 0) {
    size.bytes += header.sh_size;
  } else if (gelf_getchdr(section, &compressed) != nullptr) {
    size.bytes += compressed.ch_size;
    size.inflated += compressed.ch_size;
  }
}

}  // namespace

elf_file::elf_file(int descriptor) : elf_(open_elf(descriptor)) {}

bool elf_file::is_valid() const { return elf_kind(elf_.get()) == ELF_K_ELF; }

std::string elf_file::build_id() const {
  const void *id = nullptr;
  const auto size = dwelf_elf_gnu_build_id(elf_.get(), &id);
  if (size <= 0) return {};
  return hexadecimal({static_cast<const std::byte *>(id), static_cast<std::size_t>(size)});
}

debug_size elf_file::measure_debug() const {
  debug_size size;
  std::size_t names = 0;
  if (elf_getshdrstrndx(elf_.get(), &names) != 0) return size;
  Elf_Scn *section = nullptr;
  while ((section = elf_nextscn(elf_.get(), section)) != nullptr) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) continue;
    if (is_debug(elf_strptr(elf_.get(), names, header.sh_name))) {
      add_section(size, section, header);
    }
  }
  return size;
}

}  // namespace taskworker::profiling
