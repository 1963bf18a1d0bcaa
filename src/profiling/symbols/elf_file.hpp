// SPDX-License-Identifier: MIT
#pragma once

#include <libelf.h>

#include <cstdint>
#include <memory>
#include <string>

namespace taskworker::profiling {

/// How much debug information there is.
struct debug_size {
  std::uint64_t bytes = 0;     ///< when none of it is compressed
  std::uint64_t inflated = 0;  ///< the part of them that is compressed in the file
};

/// The head of an ELF file: sections and notes, not their content.
class elf_file {
 public:
  /// Reads through `descriptor`, which stays the caller's and open.
  explicit elf_file(int descriptor);

  [[nodiscard]] bool is_valid() const;

  /// Lower-case hexadecimal; empty where it has none.
  [[nodiscard]] std::string build_id() const;

  [[nodiscard]] debug_size measure_debug() const;

 private:
  std::unique_ptr<Elf, int (*)(Elf *)> elf_;
};

}  // namespace taskworker::profiling
