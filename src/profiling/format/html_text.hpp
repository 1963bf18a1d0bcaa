// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace taskworker::profiling {

/// A text as it stands between tags, or in quotes as the value of an attribute.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace taskworker::profiling
