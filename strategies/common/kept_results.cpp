// SPDX-License-Identifier: MIT
#include "common/kept_results.hpp"

#include <algorithm>
#include <cstring>

namespace taskworker::strategies {

void kept_results::keep(const taskworker_task &task, const taskworker_result &result) noexcept {
  kept_result &record = records_[next_];
  record.task = task.id;
  record.elements = task.payload_size / sizeof(std::int64_t);
  record.scalar = result.scalar;
  record.first_values = {};
  if (result.data_size > 0) {
    std::memcpy(record.first_values.data(), result.data,
                std::min<std::size_t>(result.data_size, sizeof record.first_values));
  }
  record.operation = task.operation;
  record.info_size =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(result.info_size, record.info.size()));
  std::memcpy(record.info.data(), result.info, record.info_size);
  if (++next_ == records_.size()) {
    next_ = 0;
    is_full_ = true;
  }
}

}  // namespace taskworker::strategies
