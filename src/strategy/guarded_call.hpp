// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <exception>
#include <string>
#include <utility>

#include "strategy/library.hpp"
#include "strategy/text.hpp"

namespace taskworker::strategy {

/// Makes `call`, one call into the strategy at `path`, and returns what it
/// returned. An exception that comes out, against the rules of the interface,
/// becomes a load_error that names the call by `what`, as in "create()".
template <typename Call>
auto guarded_call(const std::string &path, const std::string &what, Call &&call) {
  std::string reason;
  try {
    return std::forward<Call>(call)();
  } catch (const std::exception &error) {
    reason = one_line(error.what());
  } catch (...) {
    reason = "not a std::exception";
  }
  throw load_error(path + " threw an exception out of " + what + " (" + reason +
                   "); none may cross the strategy interface");
}

/// "FAILED", "UNSUPPORTED", ...; "status 42" for what is none.
[[nodiscard]] std::string describe_status(taskworker_status status);

}  // namespace taskworker::strategy
