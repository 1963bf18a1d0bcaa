// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compare/comparison.hpp"
#include "compare/gate.hpp"
#include "compare/saved_run.hpp"

namespace taskworker::compare {

/// What is to be compared. Every value has been checked.
struct comparison_plan {
  std::string program;                     ///< the path of taskworker
  std::vector<std::string> words;          ///< strategies as for --strategy, the baseline first
  std::optional<saved_run> baseline;       ///< of an earlier comparison: then all words are run
                                           ///< against it
  std::vector<std::string> run_arguments;  ///< of each run, beside those of the course
  std::uint64_t tasks = 0;                 ///< of each sample; 0 = to be found, or as then
  std::uint32_t workers = 1;
  std::chrono::nanoseconds max_time{0};
  comparison_rules rules;
  std::vector<gate> gates;
  std::vector<std::string> command;  ///< as the user gave it

  /// The arguments of a run of so many tasks that ends with them and reports as JSON, all but
  /// the strategy; `more` are its own.
  [[nodiscard]] std::vector<std::string> arguments_for(std::uint64_t run_tasks,
                                                       const std::vector<std::string> &more) const;
};

/// How far a comparison is.
struct comparison_progress {
  std::uint64_t rounds = 0;  ///< that count, of which all samples are there
  std::string doing;         ///< "checks results", "finds the number of tasks", ...
  std::chrono::nanoseconds elapsed{0};
  std::chrono::nanoseconds left{0};  ///< about; 0 = not known
};

using progress_listener = std::function<void(const comparison_progress &)>;

}  // namespace taskworker::compare
