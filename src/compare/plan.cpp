// SPDX-License-Identifier: MIT
#include "compare/plan.hpp"

namespace taskworker::compare {

std::vector<std::string> comparison_plan::arguments_for(
    std::uint64_t run_tasks, const std::vector<std::string> &more) const {
  std::vector<std::string> arguments{
      "--tasks=" + std::to_string(run_tasks),
      "--duration=0",
      "--listen=none",
      "--report=json",
      "--quiet",
  };
  arguments.insert(arguments.end(), run_arguments.begin(), run_arguments.end());
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace taskworker::compare
