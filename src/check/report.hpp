// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "check/runner.hpp"

namespace taskworker::check {

/// What --list shows: each case and what it asserts; at most 80 columns.
[[nodiscard]] std::string describe_cases(const std::vector<const check_case *> &cases);

/// The line of a case that was run, and below it, indented, what it came to where it did not
/// just pass, with the rule and what its process printed; at most 80 columns, apart from
/// paths and that output. Ends with a newline.
[[nodiscard]] std::string describe_case(const case_result &done, bool has_color);

/// "38 passed, 2 failed, 1 warning, 4 skipped", and a newline.
[[nodiscard]] std::string describe_counts(const check_result &result);

/// The whole as one JSON object. `strategy`: the word of the command line.
[[nodiscard]] std::string as_json(const check_result &result, const std::string &strategy);

}  // namespace taskworker::check
