// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace taskworker::http {

/// %XX replaced by the byte it stands for. Nothing where a % is not followed by two
/// hexadecimal digits.
[[nodiscard]] std::optional<std::string> decode_percent(std::string_view text);

/// What follows the ? of a URL: key=value pairs between &, in order, as HTML forms
/// write them (+ is a blank). Empty pieces are skipped, a key without = has an empty
/// value. Nothing where an escape is broken.
[[nodiscard]] std::optional<std::vector<parameter>> parse_query(std::string_view text);

}  // namespace taskworker::http
