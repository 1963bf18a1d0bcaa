// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/config_file.hpp"
#include "cli/option_table.hpp"

namespace taskworker::cli {

/// A command line, taken apart.
struct split_line {
  std::vector<setting> settings;   ///< in order; each of a known option, its value not yet read
  std::vector<std::string> words;  ///< what is no option, in order
};

/// Takes `argv` but for its first word apart by the options of `groups`: --name=value and --name
/// value, no short options, and no guessing from a prefix, which a new option could change the
/// meaning of. Throws usage_error; `help` is the command that shows these options.
[[nodiscard]] split_line split_words(int argc, const char *const *argv,
                                     const std::vector<option_group> &groups,
                                     const std::string &help = "--help");

/// Throws usage_error for an option that is given twice and may not be.
void check_repeats(const std::vector<setting> &settings, const std::vector<option_group> &groups);

/// The setting of that name; null for none.
[[nodiscard]] const setting *find(const std::vector<setting> &settings, std::string_view name);

/// All of that name, in order.
[[nodiscard]] std::vector<given_value> find_all(const std::vector<setting> &settings,
                                                std::string_view name);

}  // namespace taskworker::cli
