// SPDX-License-Identifier: MIT
#include "worker/workload.hpp"

#include <cstring>

namespace taskworker::worker {

bool workload::equal(const taskworker_task &, const taskworker_result &a,
                     const taskworker_result &b) const {
  if (a.kind != b.kind) return false;
  if (a.kind != TASKWORKER_ARRAY) return a.scalar == b.scalar;
  return a.data_size == b.data_size &&
         (a.data_size == 0 || std::memcmp(a.data, b.data, a.data_size) == 0);
}

}  // namespace taskworker::worker
