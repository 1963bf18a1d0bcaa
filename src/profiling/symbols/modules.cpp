// SPDX-License-Identifier: MIT
#include "profiling/symbols/modules.hpp"

#include <elf.h>
#include <link.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <span>
#include <string_view>

#include "profiling/symbols/hexadecimal.hpp"

namespace taskworker::profiling {
namespace {

constexpr std::uintptr_t round_down(std::uintptr_t value, std::uintptr_t alignment) {
  return value / alignment * alignment;
}

constexpr std::uintptr_t round_up(std::uintptr_t value, std::uintptr_t alignment) {
  return round_down(value + alignment - 1, alignment);
}

std::span<const std::byte> segment_bytes(const dl_phdr_info &info, const ElfW(Phdr) & segment) {
  // The dynamic linker gives addresses as numbers.
  const auto *start =
      reinterpret_cast<const std::byte *>(info.dlpi_addr + segment.p_vaddr);  // NOLINT
  return {start, segment.p_memsz};
}

std::span<const std::byte> find_build_id(std::span<const std::byte> notes, std::size_t alignment) {
  constexpr std::string_view gnu{"GNU\0", 4};
  ElfW(Nhdr) header;
  while (notes.size() >= sizeof header) {
    std::memcpy(&header, notes.data(), sizeof header);
    const std::size_t content = round_up(sizeof header + header.n_namesz, alignment);
    const std::size_t next = round_up(content + header.n_descsz, alignment);
    if (content + header.n_descsz > notes.size()) return {};
    if (header.n_type == NT_GNU_BUILD_ID && header.n_namesz == gnu.size() &&
        std::memcmp(notes.data() + sizeof header, gnu.data(), gnu.size()) == 0) {
      return notes.subspan(content, header.n_descsz);
    }
    notes = notes.subspan(std::min(next, notes.size()));
  }
  return {};
}

// The kernel marks the path of a program whose file is gone.
std::string program_path() {
  constexpr std::string_view mark = " (deleted)";
  std::error_code ignored;
  std::string path = std::filesystem::read_symlink("/proc/self/exe", ignored).string();
  if (path.ends_with(mark) && !std::filesystem::exists(path, ignored)) {
    path.resize(path.size() - mark.size());
  }
  return path;
}

std::string library_path(const std::string &link_name) {
  if (link_name.find('/') == link_name.npos) return "[vdso]";
  std::error_code ignored;
  return std::filesystem::absolute(link_name, ignored).lexically_normal().string();
}

code_mapping map_segment(std::uintptr_t start, const ElfW(Phdr) & segment) {
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  code_mapping mapping;
  mapping.start = round_down(start, page);
  mapping.limit = round_up(start + segment.p_memsz, page);
  mapping.file_offset = round_down(segment.p_offset, page);
  return mapping;
}

loaded_module read_module(const dl_phdr_info &info, bool is_program) {
  loaded_module module;
  if (!is_program) module.link_name = info.dlpi_name;
  module.path = is_program ? program_path() : library_path(module.link_name);
  module.bias = info.dlpi_addr;
  for (const auto &segment : std::span(info.dlpi_phdr, info.dlpi_phnum)) {
    const std::uintptr_t start = info.dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD) {
      if (module.end == 0) module.start = start & -segment.p_align;
      module.end = start + segment.p_memsz;
      if ((segment.p_flags & PF_X) != 0) module.code.push_back(map_segment(start, segment));
    } else if (segment.p_type == PT_NOTE && module.build_id.empty()) {
      const std::size_t alignment = segment.p_align == 8 ? 8 : 4;
      module.build_id = hexadecimal(find_build_id(segment_bytes(info, segment), alignment));
    }
  }
  for (auto &mapping : module.code) {
    mapping.path = module.path;
    mapping.build_id = module.build_id;
  }
  return module;
}

}  // namespace

std::vector<loaded_module> find_loaded_modules() {
  std::vector<loaded_module> modules;
  dl_iterate_phdr(
      [](dl_phdr_info *info, std::size_t, void *data) {
        auto &found = *static_cast<std::vector<loaded_module> *>(data);
        found.push_back(read_module(*info, found.empty()));
        return 0;
      },
      &modules);
  return modules;
}

std::uint64_t count_module_changes() {
  std::uint64_t changes = 0;
  dl_iterate_phdr(
      [](dl_phdr_info *info, std::size_t, void *data) {
        *static_cast<std::uint64_t *>(data) = info->dlpi_adds + info->dlpi_subs;
        return 1;
      },
      &changes);
  return changes;
}

}  // namespace taskworker::profiling
