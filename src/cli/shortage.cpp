// SPDX-License-Identifier: MIT
#include "cli/shortage.hpp"

#include "strategy/text.hpp"

namespace taskworker::cli {

std::string describe_shortage(const std::error_code &code, const std::string &what) {
  std::string text = strategy::one_line(what);
  if (code == std::errc::resource_unavailable_try_again) {
    return "no more threads can be had: " + text +
           "; raise the limit (ulimit -u, ulimit -v, pids.max of the control group), or take "
           "fewer --workers";
  }
  if (code == std::errc::too_many_files_open || code == std::errc::too_many_files_open_in_system) {
    return "no more files can be opened: " + text + "; raise the limit (ulimit -n)";
  }
  return text;
}

}  // namespace taskworker::cli
