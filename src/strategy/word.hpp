// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace taskworker::strategy {

/// One option as a user gave it: not yet checked against the strategy.
struct given_option {
  std::string name;
  std::string value;
  friend bool operator==(const given_option &, const given_option &) = default;
};

/// What `--strategy` names: `NAME|PATH[:k=v[:k=v...]]`, taken apart.
///
/// A target with a '/' or ending in ".so" is a path, all else is a name to look
/// for. Options start at the first ':' that is followed by `name=`, so a path
/// may hold colons. A value may not: `--strategy-opt` takes one that does.
struct word {
  std::string target;
  std::vector<given_option> options;  ///< in the order given

  [[nodiscard]] bool is_path() const;
};

/// A strategy word or option that cannot be read. what() is one line that tells
/// what was given and what was expected.
class word_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// True for what the names of strategies, options and operations are made of: one
/// or more letters, digits, '_' and '-' (ASCII).
[[nodiscard]] bool is_name(std::string_view text);

/// Throws word_error on an empty target, a name with other characters than
/// letters, digits, '_' and '-', an option without '=', or an empty option name.
[[nodiscard]] word parse_word(std::string_view text);

/// Reads `k=v`, as in `--strategy-opt`. Throws word_error.
[[nodiscard]] given_option parse_option(std::string_view text);

}  // namespace taskworker::strategy
