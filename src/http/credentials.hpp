// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace taskworker::http {

/// Whether the value of an Authorization header presents `token`: as Bearer, or as
/// the password of Basic under any user name (what URLs of the form
/// http://x:TOKEN@host/ send). An empty token is never presented. How long this
/// takes depends on what was sent, not on how much of it is right.
[[nodiscard]] bool presents_token(std::string_view authorization, std::string_view token);

}  // namespace taskworker::http
