// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "endpoints/profile_kind.hpp"
#include "http/message.hpp"

namespace taskworker::endpoints {

/// The page at /debug/pprof/: each profile, what it tells, how much there is of it now,
/// where to look and which command to copy; the switches; what none of them sees. Takes
/// most profiles once, for the amounts.
[[nodiscard]] http::response index_page(const std::vector<profile_kind> &kinds,
                                        const http::request &incoming, const std::string &strategy);

}  // namespace taskworker::endpoints
