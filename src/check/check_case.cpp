// SPDX-License-Identifier: MIT
#include "check/check_case.hpp"

#include <algorithm>

namespace taskworker::check {

const std::vector<check_case> &all_cases() {
  static const std::vector<check_case> cases = [] {
    std::vector<check_case> all;
    for (const auto part :
         {library_cases(), life_cases(), option_cases(), process_cases(), host_cases(),
          leftover_cases(), process_state_cases(), workload_cases()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return cases;
}

const check_case *find_case(std::string_view name) {
  const auto &cases = all_cases();
  const auto found =
      std::find_if(cases.begin(), cases.end(), [&](const auto &each) { return each.name == name; });
  return found != cases.end() ? &*found : nullptr;
}

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto &each : all_cases()) names.emplace_back(each.name);
  return names;
}

}  // namespace taskworker::check
