// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <system_error>

namespace taskworker::cli {

/// One line for something that the system did not give: `what` the error says, and for threads
/// and open files, that can run out, also where their limit is.
[[nodiscard]] std::string describe_shortage(const std::error_code &code, const std::string &what);

}  // namespace taskworker::cli
