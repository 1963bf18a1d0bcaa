// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace taskworker::profiling {

/// The content, up to 4 GiB, as a gzip file. Throws std::bad_alloc, std::length_error.
/// [thread-safe]
[[nodiscard]] std::string gzip(std::string_view content);

/// What a gzip file holds. Nothing where it is none, is damaged or cut short, or holds more than
/// `most` bytes. Throws std::bad_alloc. [thread-safe]
[[nodiscard]] std::optional<std::string> gunzip(std::string_view file, std::size_t most);

}  // namespace taskworker::profiling
