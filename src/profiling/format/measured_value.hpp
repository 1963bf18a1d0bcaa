// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace taskworker::profiling {

/// A value of a profile as a person reads it, in at most 8 characters up to 9,999,999:
/// "4.21 s" of nanoseconds, "3.40 MiB" of bytes, "1,234" of "count"; of another unit, the
/// number with it. Below 0 as 0: no profile has that.
[[nodiscard]] std::string format_value(std::int64_t value, std::string_view unit);

}  // namespace taskworker::profiling
