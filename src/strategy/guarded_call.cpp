// SPDX-License-Identifier: MIT
#include "strategy/guarded_call.hpp"

namespace taskworker::strategy {

std::string describe_status(taskworker_status status) {
  switch (status) {
    case TASKWORKER_OK:
      return "OK";
    case TASKWORKER_FAILED:
      return "FAILED";
    case TASKWORKER_UNSUPPORTED:
      return "UNSUPPORTED";
    case TASKWORKER_NO_CAPACITY:
      return "NO_CAPACITY";
    case TASKWORKER_CANCELLED:
      return "CANCELLED";
    default:
      return "status " + std::to_string(status);
  }
}

}  // namespace taskworker::strategy
