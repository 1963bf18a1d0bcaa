// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "metrics/machine.hpp"

namespace taskworker::compare {

/// Where a comparison was made: what makes times differ, and what to change.
struct environment {
  std::string program_version;  ///< with the revision
  std::string compiler;
  std::string build_type;
  std::string sanitizers;  ///< of the build; empty = none
  std::string allocator;   ///< metrics::allocator_name()
  std::string cpu;         ///< "model name" of /proc/cpuinfo; empty = not told
  std::string kernel;      ///< uname -r
  metrics::machine_figures machine;

  /// What must be the same for times to be comparable: names and texts.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> facts() const;

  /// A line each: what disturbs a measurement here, and what to do about it. `workers`: threads
  /// that a run keeps busy.
  [[nodiscard]] std::vector<std::string> warnings(unsigned workers) const;
};

[[nodiscard]] environment read_environment();

}  // namespace taskworker::compare
