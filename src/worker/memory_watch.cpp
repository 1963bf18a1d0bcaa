// SPDX-License-Identifier: MIT
#include "worker/memory_watch.hpp"

#include <utility>

#include "metrics/units.hpp"

namespace taskworker::worker {

std::optional<std::string> memory_watch::look(std::uint64_t resident) {
  if (most_ == 0 || resident < most_ - most_ / 10) return std::nullopt;
  return "the process has " + metrics::in_bytes(resident) + " of the " +
         metrics::in_bytes(std::exchange(most_, 0)) +
         " of memory that its control group allows; when they are used up, the kernel kills it "
         "and there is no report";
}

}  // namespace taskworker::worker
