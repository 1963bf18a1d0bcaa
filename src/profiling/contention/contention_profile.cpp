// SPDX-License-Identifier: MIT
#include "profiling/contention/contention_profile.hpp"

#include <utility>

namespace taskworker::profiling {

profile make_contention_profile(std::vector<std::string> comments) {
  profile empty;
  empty.sample_types = {{"contentions", "count"}, {"delay", "nanoseconds"}};
  empty.period_type = {"contentions", "count"};
  empty.period = 1;
  empty.time_ns = time_since_epoch_ns();
  empty.comments = std::move(comments);
  return empty;
}

}  // namespace taskworker::profiling
