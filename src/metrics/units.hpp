// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace taskworker::metrics {

/// Numbers as a person reads them, in few characters.

[[nodiscard]] std::string with_commas(std::uint64_t count);  ///< "1,234,567"
[[nodiscard]] std::string in_bytes(std::uint64_t bytes);     ///< "512 B", "3.40 MiB"
[[nodiscard]] std::string in_time(double seconds);           ///< "85 ns", "2.1 us", "1.5 s"
[[nodiscard]] std::string rounded(double value);             ///< "0", "0.37", "21.3", "3,412"
[[nodiscard]] std::string counted(std::uint64_t count,
                                  const std::string &noun);  ///< "1 job", "2 jobs"

}  // namespace taskworker::metrics
