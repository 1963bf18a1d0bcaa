// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compare/comparison.hpp"
#include "compare/environment.hpp"

namespace taskworker::compare {

/// A strategy of an earlier comparison, as its JSON tells: a baseline to compare against.
struct saved_run {
  sample_series series;  ///< its word is as given then
  std::uint64_t tasks = 0;
  std::vector<std::string> run_arguments;
  bool is_partial = false;  ///< the user ended it
  std::string when;         ///< "2026-11-26 04:00:00 UTC"
  /// As environment::facts() has them.
  std::vector<std::pair<std::string, std::string>> facts;
};

/// This is no saved comparison. what() says what was found.
class saved_run_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads what as_json() wrote (result.hpp): of its series the one of that word, or, where it has
/// none, the first. Throws saved_run_error.
[[nodiscard]] saved_run read_saved_run(std::string_view json, std::string_view word);

/// What is not as it was then, a sentence each; the date is always one.
[[nodiscard]] std::vector<std::string> differences(const saved_run &then, const environment &now);

}  // namespace taskworker::compare
