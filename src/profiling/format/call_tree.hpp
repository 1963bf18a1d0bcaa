// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "profiling/profile.hpp"
#include "profiling/symbols/symbols.hpp"

namespace taskworker::profiling {

/// Whose code a frame is.
enum class code_owner : std::uint8_t {
  strategy,     ///< the strategy, and what it brought along
  program,      ///< the executable
  library,      ///< C and C++ libraries, also what their headers put into other modules
  kernel,       ///< what the kernel maps into the process
  measurement,  ///< no code: synthetic_frame.hpp
  unknown,
};

/// Whose the code of a module is, told by the module's path. `program`: the executable's path.
[[nodiscard]] code_owner owner_of_module(std::string_view path, std::string_view program);

/// The stacks of a profile with names, laid over one another: the call tree.
struct call_tree {
  static constexpr std::uint32_t none = UINT32_MAX;

  /// No two have the same name, file and module.
  struct function {
    std::string name;    ///< never empty; "bad.so+0x1f40" where no symbol is
    std::string file;    ///< empty where not known
    std::string module;  ///< path; empty where no module is
    code_owner owner = code_owner::unknown;
  };
  /// A function, at a line of it, below the same calls.
  struct node {
    std::uint32_t parent = none;  ///< comes before it in `nodes`; none = a root
    std::uint32_t function = 0;
    std::uint32_t line = 0;  ///< 0 = not known
    bool is_inlined = false;
    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy takes the comparison's 0 for a pointer
    friend auto operator<=>(const node &, const node &) = default;
  };
  /// What was measured in a node itself, of one owner of labels.
  struct leaf {
    std::uint32_t node = 0;
    std::uint32_t labels = 0;          ///< position in label_sets
    std::vector<std::int64_t> values;  ///< one for each sample type
  };

  std::vector<function> functions;
  std::vector<node> nodes;
  std::vector<std::vector<label>> label_sets;
  std::vector<leaf> leaves;  ///< no two of the same node and labels
};

[[nodiscard]] call_tree build_call_tree(const profile &source, symbols &names);

}  // namespace taskworker::profiling
