// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

namespace taskworker::endpoints {

/// What a form or `curl -d` sends to switch something: "sampling=on" or "sampling=off".
/// Nothing for any other text.
[[nodiscard]] std::optional<bool> read_switch(std::string_view body);

}  // namespace taskworker::endpoints
