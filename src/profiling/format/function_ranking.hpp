// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "profiling/format/call_tree.hpp"

namespace taskworker::profiling {

/// A line of the strategy's own code and what was measured in it and in what it called that
/// is not the strategy's own. What is allocated or waited for happens in libraries: this is
/// the line to change.
struct own_line {
  std::string function;
  std::string place;  ///< "bad.cpp:123"; "bad.so" where no line is known
  std::int64_t amount = 0;
};

/// Those that have a share, largest first. The shares of all add up to what the strategy had
/// to do with.
[[nodiscard]] std::vector<own_line> rank_own_lines(const call_tree &tree, std::size_t sample_type);

/// One function's share of a profile, by the value of one sample type.
struct top_line {
  std::string function;
  std::string place;       ///< "bad.cpp:123" of its largest line, "libc.so.6" where no line is
                           ///< known; empty where no module is either
  std::int64_t self = 0;   ///< in the function itself
  std::int64_t total = 0;  ///< in it and in what it called; a function counts once a stack
};

/// The functions that have a share, largest self first, then largest total.
[[nodiscard]] std::vector<top_line> rank_functions(const call_tree &tree, std::size_t sample_type);

}  // namespace taskworker::profiling
