// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "check/case_context.hpp"

namespace taskworker::check {

/// One case of the conformance test. All text is static.
struct check_case {
  const char *name;                    ///< in kebab-case: what --only takes
  const char *asserts;                 ///< one sentence
  const char *rule;                    ///< of the header, where no other is told with a failure
  void (*run)(case_context &context);  ///< returns when passed, else throws case_ended
};

/// Those of one subject, each in its own file.
[[nodiscard]] std::span<const check_case> library_cases();
[[nodiscard]] std::span<const check_case> life_cases();
[[nodiscard]] std::span<const check_case> option_cases();
[[nodiscard]] std::span<const check_case> process_cases();
[[nodiscard]] std::span<const check_case> host_cases();
[[nodiscard]] std::span<const check_case> leftover_cases();
[[nodiscard]] std::span<const check_case> process_state_cases();
[[nodiscard]] std::span<const check_case> workload_cases();

/// All, in the order in which they are run; the first one is that of loading.
[[nodiscard]] const std::vector<check_case> &all_cases();

/// Null for none.
[[nodiscard]] const check_case *find_case(std::string_view name);

[[nodiscard]] std::vector<std::string> case_names();

}  // namespace taskworker::check
