// SPDX-License-Identifier: MIT
#include "profiling/modules.hpp"

#include <elf.h>
#include <link.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <string_view>

namespace taskworker::profiling {
namespace {

constexpr std::size_t round_up(std::size_t size, std::size_t alignment) {
  return (size + alignment - 1) / alignment * alignment;
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

std::string path_of(const dl_phdr_info &info, bool is_program) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (is_program) return fs::read_symlink("/proc/self/exe", ignored).string();
  const std::string name = info.dlpi_name;
  if (name.find('/') == name.npos) return "[vdso: " + std::to_string(getpid()) + ']';
  return fs::absolute(name, ignored).lexically_normal().string();
}

loaded_module read_module(const dl_phdr_info &info, bool is_program) {
  loaded_module module;
  module.path = path_of(info, is_program);
  for (const auto &segment : std::span(info.dlpi_phdr, info.dlpi_phnum)) {
    const std::uintptr_t start = info.dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD) {
      if (module.end == 0) module.start = start & -segment.p_align;
      module.end = start + segment.p_memsz;
    } else if (segment.p_type == PT_NOTE && module.build_id.empty()) {
      const std::size_t alignment = segment.p_align == 8 ? 8 : 4;
      module.build_id = find_build_id(segment_bytes(info, segment), alignment);
    }
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
