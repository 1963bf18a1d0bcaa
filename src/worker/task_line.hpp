// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "worker/payload_buffer.hpp"

namespace taskworker::worker {

/// A line that is no task. what() says what was expected.
class task_line_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads one task from a line of JSON, {"operation": "sum", "data": [1, 2, 3]}:
/// `operation` is one of `operation_names`, `data` holds integers from -2^63 to
/// 2^63-1; no other member. Sets operation, payload (in `buffer`) and payload_size
/// of `task`. Throws task_line_error.
void parse_task_line(std::string_view line, const std::vector<std::string> &operation_names,
                     taskworker_task &task, payload_buffer &buffer);

}  // namespace taskworker::worker
