// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/config.hpp"
#include "cli/values.hpp"

namespace taskworker::cli {

/// An option of the program. The table of all is the one place that knows them: the
/// command line, --config and --help read it.
struct option_spec {
  std::string name;        ///< without dashes
  std::string value_name;  ///< as --help shows it; empty = a switch
  std::string help;        ///< what it does, with unit and default
  bool is_repeatable = false;

  /// Reads the value into the configuration; throws usage_error or file_error. Null
  /// for what is no setting of a run, and so stands on the command line only.
  void (*apply)(run_config &config, const given_value &given) = nullptr;

  [[nodiscard]] bool is_switch() const { return value_name.empty(); }
};

struct option_group {
  std::string title;
  std::vector<option_spec> options;
};

/// All options, in the order of --help. Made once; any thread.
[[nodiscard]] const std::vector<option_group> &option_groups();

/// The option of that name, which must be whole; null for none.
[[nodiscard]] const option_spec *find_option(const std::vector<option_group> &groups,
                                             std::string_view name);

/// " (did you mean PREFIXname?)" for a name that is no option but near to one.
[[nodiscard]] std::string suggest_option(const std::vector<option_group> &groups,
                                         std::string_view name, std::string_view prefix);

}  // namespace taskworker::cli
