// SPDX-License-Identifier: MIT
#include "profiling/format/measured_value.hpp"

#include <algorithm>

#include "metrics/units.hpp"

namespace taskworker::profiling {

std::string format_value(std::int64_t value, std::string_view unit) {
  const auto amount = static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0));
  if (unit == "nanoseconds") return metrics::in_time(static_cast<double>(amount) * 1e-9);
  if (unit == "bytes") return metrics::in_bytes(amount);
  if (unit == "count") return metrics::with_commas(amount);
  return metrics::with_commas(amount) + ' ' + std::string(unit);
}

}  // namespace taskworker::profiling
