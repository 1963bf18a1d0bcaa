// SPDX-License-Identifier: MIT
#include "profiling/symbols/symbol_table.hpp"

#include <gelf.h>

#include <algorithm>
#include <string_view>
#include <tuple>

namespace taskworker::profiling {
namespace {

// Code written in assembly may have labels without a type.
bool is_code(const GElf_Sym &symbol) {
  const auto type = GELF_ST_TYPE(symbol.st_info);
  return symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS &&
         (type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_NOTYPE);
}

std::uint8_t rank_of(const GElf_Sym &symbol) {
  switch (GELF_ST_BIND(symbol.st_info)) {
    case STB_GLOBAL:
      return 0;
    case STB_WEAK:
      return 1;
    default:
      return 2;
  }
}

GElf_Addr end_of_section(Elf *file, GElf_Word section) {
  GElf_Shdr header;
  if (gelf_getshdr(elf_getscn(file, section), &header) == nullptr) return 0;
  return header.sh_addr + header.sh_size;
}

}  // namespace

symbol_table::symbol_table(Dwfl_Module *module) {
  read(module);
  std::sort(functions_.begin(), functions_.end(), &is_better);
  const auto same = std::unique(functions_.begin(), functions_.end(),
                                [](auto &left, auto &right) { return left.start == right.start; });
  functions_.erase(same, functions_.end());
  functions_.shrink_to_fit();
  nest();
}

// A size is better than none; then "malloc" is better than "__libc_malloc".
bool symbol_table::is_better(const function &left, const function &right) {
  const auto order = [](const function &each) {
    const std::string_view name = each.name;
    return std::tuple(!each.is_sized, each.rank, name.find_first_not_of('_'), name.size(), name);
  };
  if (left.start != right.start) return left.start < right.start;
  return order(left) < order(right);
}

void symbol_table::read(Dwfl_Module *module) {
  const int count = dwfl_module_getsymtab(module);
  for (int i = 0; i < count; ++i) {
    GElf_Sym symbol;
    GElf_Addr start = 0, bias = 0;
    GElf_Word section = 0;
    Elf *file = nullptr;
    const char *const name =
        dwfl_module_getsym_info(module, i, &symbol, &start, &section, &file, &bias);
    if (name == nullptr || *name == '\0' || !is_code(symbol)) continue;
    const bool is_sized = symbol.st_size != 0;
    const GElf_Addr end = is_sized ? start + symbol.st_size : end_of_section(file, section) + bias;
    functions_.push_back({start, end, name, none, rank_of(symbol), is_sized});
  }
}

void symbol_table::nest() {
  std::uint32_t around = none;
  for (std::uint32_t i = 0; i < functions_.size(); ++i) {
    while (around != none && functions_[around].end <= functions_[i].start) {
      around = functions_[around].around;
    }
    functions_[i].around = around;
    if (functions_[i].is_sized) around = i;
  }
}

const char *symbol_table::find(GElf_Addr address) const {
  const auto next =
      std::upper_bound(functions_.begin(), functions_.end(), address,
                       [](GElf_Addr value, const auto &each) { return value < each.start; });
  if (next == functions_.begin()) return nullptr;
  const function &nearest = *(next - 1);
  for (const function *each = &nearest;; each = &functions_[each->around]) {
    if (each->is_sized && address < each->end) return each->name;
    if (each->around == none) break;
  }
  return address < nearest.end ? nearest.name : nullptr;
}

}  // namespace taskworker::profiling
