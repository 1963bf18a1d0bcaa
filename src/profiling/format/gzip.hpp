// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace taskworker::profiling {

/// The content, up to 4 GiB, as a gzip file. Throws std::bad_alloc, std::length_error.
/// [thread-safe]
[[nodiscard]] std::string gzip(std::string_view content);

}  // namespace taskworker::profiling
