// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <cstdint>
#include <memory>
#include <string>

#include "check/guarded_memory.hpp"

namespace taskworker::check {

/// The capacity of a result's info text that a strategy may count on: strategy.h.
inline constexpr std::uint64_t least_info_capacity = 128;

/// A result and its buffers as a strategy is lent them.
class lent_result {
 public:
  /// `where`: placement::exact ends the buffers at memory that cannot be touched, and looks
  /// for what was written beside them.
  explicit lent_result(std::uint64_t data_capacity,
                       std::uint64_t info_capacity = least_info_capacity,
                       placement where = placement::roomy);

  /// A result as it is handed over.
  [[nodiscard]] taskworker_result fresh() const;

  /// Fails where `result`, which began as fresh(), breaks a rule after process() returned
  /// `status`. `task`: for the words.
  void check(const taskworker_result &result, taskworker_status status,
             const std::string &task) const;

  /// Larger buffers, as NO_CAPACITY asks for by `result`.
  [[nodiscard]] lent_result grown_for(const taskworker_result &result) const;

 private:
  void check_members(const taskworker_result &result, const std::string &task) const;
  void check_sizes(const taskworker_result &result, const std::string &task) const;
  void check_request(const taskworker_result &result, const std::string &task) const;

  placement where_;
  std::unique_ptr<guarded_memory> data_;
  std::unique_ptr<guarded_memory> info_;
};

}  // namespace taskworker::check
