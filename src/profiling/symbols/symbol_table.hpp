// SPDX-License-Identifier: MIT
#pragma once

#include <elfutils/libdwfl.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace taskworker::profiling {

/// The functions that a module's ELF symbols name, sorted once: libdwfl itself reads the
/// whole table for each address. Some 32 bytes a function.
class symbol_table {
 public:
  /// `module` must outlive the table.
  explicit symbol_table(Dwfl_Module *module);

  /// The symbol of the function that holds an address, mangled, and perhaps with a version
  /// behind it ("dlopen@@GLIBC_2.34"); null where none does. Where several are at one place,
  /// the one that other modules see, of those the plainest.
  [[nodiscard]] const char *find(GElf_Addr address) const;

 private:
  struct function {
    GElf_Addr start;
    GElf_Addr end;  // of its section where its size is not told
    const char *name;
    std::uint32_t around;  // position of the function that this one lies in, or none
    std::uint8_t rank;     // what others see is low
    bool is_sized;
  };
  static constexpr std::uint32_t none = UINT32_MAX;

  static bool is_better(const function &left, const function &right);
  void read(Dwfl_Module *module);
  void nest();

  std::vector<function> functions_;
};

}  // namespace taskworker::profiling
