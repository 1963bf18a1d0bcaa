// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

namespace bench::peers {

struct options {
  std::string null;       ///< path of the strategy that does nothing
  std::string optimized;  ///< empty = what needs it is left out
  std::string bad;        ///< empty = what needs it is left out
  std::string json;       ///< path of the report; empty = none
  bool is_quick = false;
};

/// Nothing where the command line is not understood.
[[nodiscard]] std::optional<options> parse_options(int argc, char **argv);

inline constexpr const char *usage =
    "usage: peers --null=PATH [--optimized=PATH] [--bad=PATH] [--json=PATH] [--quick]\n"
    "\n"
    "  --null, --optimized, --bad   the strategies, as shared libraries\n"
    "  --json                       writes all rounds to PATH\n"
    "  --quick                      some seconds, and figures that say nothing\n";

}  // namespace bench::peers
