// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string_view>
#include <vector>

namespace taskworker::compare {

/// How a run went: all have one number for each look at it.
struct timeline {
  std::vector<double> seconds;  ///< since it began
  std::vector<double> tasks;    ///< done
  std::vector<double> threads;
  std::vector<double> jobs;
  std::vector<double> resident_bytes;
};

/// This is no timeline. what() says what was found.
class timeline_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads what --timeline wrote (report/timeline.hpp). Throws timeline_error.
[[nodiscard]] timeline read_timeline(std::string_view csv);

}  // namespace taskworker::compare
