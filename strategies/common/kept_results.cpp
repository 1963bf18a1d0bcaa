// SPDX-License-Identifier: MIT
#include "common/kept_results.hpp"

#include <algorithm>
#include <cstring>

namespace taskworker::strategies {
namespace {

// Where there is enough, one copy of a fixed length: a call for the right one costs more.

void keep_first_values(kept_result &record, const taskworker_result &result) noexcept {
  constexpr std::size_t all = sizeof record.first_values;
  if (result.data_size >= all) {
    std::memcpy(record.first_values.data(), result.data, all);
    return;
  }
  record.first_values = {};
  if (result.data_size == 0) return;
  std::memcpy(record.first_values.data(), result.data, static_cast<std::size_t>(result.data_size));
}

void keep_info(kept_result &record, const taskworker_result &result) noexcept {
  constexpr std::size_t all = sizeof record.info;
  record.info_size = static_cast<std::uint32_t>(std::min<std::uint64_t>(result.info_size, all));
  if (result.info_capacity >= all) {
    std::memcpy(record.info.data(), result.info, all);
  } else {
    std::memcpy(record.info.data(), result.info, record.info_size);
  }
}

}  // namespace

void kept_results::keep(const taskworker_task &task, const taskworker_result &result) noexcept {
  kept_result &record = records_[next_];
  record.task = task.id;
  record.elements = task.payload_size / sizeof(std::int64_t);
  record.scalar = result.scalar;
  keep_first_values(record, result);
  record.operation = task.operation;
  keep_info(record, result);
  if (++next_ == records_.size()) {
    next_ = 0;
    is_full_ = true;
  }
}

}  // namespace taskworker::strategies
