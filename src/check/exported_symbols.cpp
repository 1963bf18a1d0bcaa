// SPDX-License-Identifier: MIT
#include "check/exported_symbols.hpp"

#include <elf.h>
#include <link.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace taskworker::check {
namespace {

using elf_header = ElfW(Ehdr);
using elf_section = ElfW(Shdr);
using elf_symbol = ElfW(Sym);

class elf_image {
 public:
  explicit elf_image(const std::string &path) : path_(path) {
    std::ifstream file(path, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
  }

  template <typename T>
  [[nodiscard]] T read(std::size_t at) const {
    if (at > bytes_.size() || bytes_.size() - at < sizeof(T)) {
      throw std::runtime_error(path_ + " has tables that point out of the file");
    }
    T value;
    std::memcpy(&value, bytes_.data() + at, sizeof value);
    return value;
  }

  [[nodiscard]] std::string text(std::size_t at) const {
    const auto end = bytes_.find('\0', at);
    return at < bytes_.size() ? bytes_.substr(at, end - at) : "";
  }

  [[nodiscard]] std::vector<elf_section> sections() const {
    const auto header = read<elf_header>(0);
    std::vector<elf_section> found;
    for (std::size_t i = 0; i < header.e_shnum; ++i) {
      found.push_back(read<elf_section>(header.e_shoff + i * sizeof(elf_section)));
    }
    return found;
  }

 private:
  const std::string &path_;
  std::string bytes_;
};

/// GCC's address sanitizer exports one of these for each global that is exported.
constexpr std::string_view sanitizer_prefix = "__odr_asan.";

bool is_exported(const elf_symbol &symbol) {
  const unsigned type = ELF64_ST_TYPE(symbol.st_info);
  const bool is_of_code_or_data = type != STT_SECTION && type != STT_FILE;
  return symbol.st_shndx != SHN_UNDEF && symbol.st_name != 0 && is_of_code_or_data &&
         ELF64_ST_BIND(symbol.st_info) != STB_LOCAL;
}

}  // namespace

exported_symbols read_exported_symbols(const std::string &path) {
  const elf_image image(path);
  const auto sections = image.sections();
  exported_symbols found;
  for (const auto &section : sections) {
    if (section.sh_type != SHT_DYNSYM || section.sh_link >= sections.size()) continue;
    const auto names = sections[section.sh_link].sh_offset;
    for (std::size_t at = 0; at < section.sh_size; at += sizeof(elf_symbol)) {
      const auto symbol = image.read<elf_symbol>(section.sh_offset + at);
      if (!is_exported(symbol)) continue;
      std::string name = image.text(names + symbol.st_name);
      if (name.starts_with(sanitizer_prefix)) continue;
      const bool is_strong = ELF64_ST_BIND(symbol.st_info) == STB_GLOBAL;
      (is_strong ? found.strong : found.weak).push_back(std::move(name));
    }
  }
  return found;
}

}  // namespace taskworker::check
