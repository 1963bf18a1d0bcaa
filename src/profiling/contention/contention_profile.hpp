// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "profiling/profile.hpp"

namespace taskworker::profiling {

/// A profile of waiting, without samples, of this moment: contentions/count and
/// delay/nanoseconds, as Go's "mutex" and "block".
[[nodiscard]] profile make_contention_profile(std::vector<std::string> comments);

}  // namespace taskworker::profiling
