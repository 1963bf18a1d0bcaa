// SPDX-License-Identifier: MIT
#pragma once

#include <ctime>
#include <string>

namespace taskworker::http {

/// A point in time as the Date header writes it, whatever the locale:
/// "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string format_date(std::time_t seconds);

}  // namespace taskworker::http
