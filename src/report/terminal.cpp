// SPDX-License-Identifier: MIT
#include "report/terminal.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace taskworker::report {
namespace {

std::string_view variable(const char *name) {
  const char *value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

bool is_capable_terminal(int descriptor) {
  const std::string_view kind = variable("TERM");
  return ::isatty(descriptor) == 1 && !kind.empty() && kind != "dumb";
}

bool takes_color(int descriptor) {
  return is_capable_terminal(descriptor) && variable("NO_COLOR").empty();
}

}  // namespace taskworker::report
