// SPDX-License-Identifier: MIT
#include "peers/options.hpp"

#include <string_view>
#include <utility>

namespace bench::peers {
namespace {

bool take(options &given, std::string_view argument) {
  if (argument == "--quick") return given.is_quick = true;
  const std::pair<std::string_view, std::string options::*> paths[] = {
      {"--null=", &options::null},
      {"--optimized=", &options::optimized},
      {"--bad=", &options::bad},
      {"--json=", &options::json},
  };
  for (const auto &[prefix, path] : paths) {
    if (!argument.starts_with(prefix)) continue;
    given.*path = argument.substr(prefix.size());
    return !(given.*path).empty();
  }
  return false;
}

}  // namespace

std::optional<options> parse_options(int argc, char **argv) {
  options given;
  for (int i = 1; i < argc; ++i) {
    if (!take(given, argv[i])) return std::nullopt;
  }
  if (given.null.empty()) return std::nullopt;
  return given;
}

}  // namespace bench::peers
