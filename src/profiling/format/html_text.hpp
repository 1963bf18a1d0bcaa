// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace taskworker::profiling {

/// A text as it stands between tags, or in quotes as the value of an attribute.
[[nodiscard]] std::string escape_html(std::string_view text);

/// A slot of a page, as "{{TITLE}}", and what comes there.
using page_slot = std::pair<std::string_view, std::string>;

/// The page with its slots filled. REQUIRES: all stand in it, in this order.
[[nodiscard]] std::string fill_page(std::string_view page, std::span<const page_slot> slots);

}  // namespace taskworker::profiling
