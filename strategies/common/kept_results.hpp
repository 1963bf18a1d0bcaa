// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace taskworker::strategies {

/// What stays of a task after its buffers went back to the host: a record of fixed size.
struct kept_result {
  std::uint64_t task = 0;
  std::uint64_t elements = 0;  ///< of the task's payload
  std::int64_t scalar = 0;
  std::array<std::int64_t, 4> first_values{};  ///< of a result array; 0 where it is shorter
  taskworker_operation operation = 0;
  std::uint32_t info_size = 0;  ///< in bytes
  std::array<char, 48> info{};  ///< holds any info text of less than 2^32 elements
};

/// The last results of one worker, in memory that was had before the first came.
/// Not for more than one thread at a time.
class kept_results {
 public:
  /// REQUIRES: capacity >= 1.
  explicit kept_results(std::size_t capacity) : records_(capacity) {}

  /// Keeps a result in place of the oldest. Allocates nothing.
  void keep(const taskworker_task &task, const taskworker_result &result) noexcept;

  /// How many are kept.
  [[nodiscard]] std::size_t size() const noexcept { return is_full_ ? records_.size() : next_; }

 private:
  std::vector<kept_result> records_;
  std::size_t next_ = 0;  ///< the place of the next record
  bool is_full_ = false;
};

}  // namespace taskworker::strategies
