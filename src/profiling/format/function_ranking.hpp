// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "profiling/format/call_tree.hpp"

namespace taskworker::profiling {

/// One function's share of a profile, by the value of one sample type.
struct top_line {
  std::string function;
  std::string place;       ///< "bad.cpp:123" of its largest line, "libc.so.6" where no line is
                           ///< known; empty where no module is either
  std::int64_t self = 0;   ///< in the function itself
  std::int64_t total = 0;  ///< in it and in what it called; a function counts once a stack
  code_owner owner = code_owner::unknown;
};

/// The functions that have a share, largest self first, then largest total.
[[nodiscard]] std::vector<top_line> rank_functions(const call_tree &tree, std::size_t sample_type);

}  // namespace taskworker::profiling
