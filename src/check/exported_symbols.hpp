// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace taskworker::check {

/// The dynamic symbols that a library defines, as `nm -D --defined-only` lists them.
struct exported_symbols {
  std::vector<std::string> strong;
  std::vector<std::string> weak;  ///< also GNU unique ones: what a C++ library brings in
};

/// REQUIRES: `path` is a shared library of this kind of processor, which the loader takes.
/// Throws std::runtime_error where its tables cannot be read.
[[nodiscard]] exported_symbols read_exported_symbols(const std::string &path);

}  // namespace taskworker::check
