// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include "common/host_link.hpp"

namespace taskworker::strategies {

/// Does the arithmetic of a task straight into the memory that the host lends: sets all of
/// `result` but its info. Another status than OK is what process() is to return; its
/// reason was logged. [worker-thread]
[[nodiscard]] taskworker_status calculate(const taskworker_task &task, taskworker_result &result,
                                          const host_link &host);

}  // namespace taskworker::strategies
