// SPDX-License-Identifier: MIT
#include "check/lent_result.hpp"

#include <algorithm>
#include <string_view>

#include "check/verdict.hpp"
#include "strategy/text.hpp"

namespace taskworker::check {
namespace {

constexpr char rule[] = "strategy.h, taskworker_result";
constexpr lent_thing data_buffer{"the result's data", rule};
constexpr lent_thing info_buffer{"the result's info", rule};

constexpr std::size_t data_alignment = 64;
constexpr std::uint64_t largest_request = std::uint64_t{1} << 32;

std::string bytes(std::uint64_t number) { return std::to_string(number) + " bytes"; }

}  // namespace

lent_result::lent_result(std::uint64_t data_capacity, std::uint64_t info_capacity, placement where)
    : where_(where),
      data_(std::make_unique<guarded_memory>(data_buffer, static_cast<std::size_t>(data_capacity),
                                             data_alignment, where)),
      info_(std::make_unique<guarded_memory>(info_buffer, static_cast<std::size_t>(info_capacity),
                                             alignof(char), where)) {}

taskworker_result lent_result::fresh() const {
  taskworker_result result{};
  result.data = data_->data();
  result.data_capacity = data_->size();
  result.info = static_cast<char *>(info_->data());
  result.info_capacity = info_->size();
  return result;
}

void lent_result::check(const taskworker_result &result, taskworker_status status,
                        const std::string &task) const {
  check_members(result, task);
  if (where_ == placement::exact) {
    for (const auto *each : {data_.get(), info_.get()}) {
      if (each->has_whole_margins()) continue;
      fail(rule, std::string("process() wrote beside ") +
                     (each == data_.get() ? data_buffer.name : info_buffer.name) + ", which has " +
                     bytes(each->size()) + ", for " + task);
    }
  }
  if (status == TASKWORKER_OK) check_sizes(result, task);
  if (status == TASKWORKER_NO_CAPACITY) check_request(result, task);
}

void lent_result::check_members(const taskworker_result &result, const std::string &task) const {
  const taskworker_result lent = fresh();
  const bool is_kept = result.data == lent.data && result.data_capacity == lent.data_capacity &&
                       result.info == lent.info && result.info_capacity == lent.info_capacity &&
                       result.reserved == 0;
  if (is_kept) return;
  fail(rule, "process() changed a buffer, a capacity or `reserved` of the result of " + task +
                 "; the host owns them");
}

void lent_result::check_sizes(const taskworker_result &result, const std::string &task) const {
  if (result.kind != TASKWORKER_SCALAR && result.kind != TASKWORKER_ARRAY) {
    fail("strategy.h, taskworker_result_kind", "process() gave " + task + " a result of kind " +
                                                   std::to_string(result.kind) +
                                                   "; expected 0 (scalar) or 1 (array)");
  }
  if (result.kind == TASKWORKER_ARRAY && result.data_size > result.data_capacity) {
    fail(rule, "process() returned OK with a data_size of " + bytes(result.data_size) +
                   " in a buffer of " + bytes(result.data_capacity) + " for " + task +
                   "; expected NO_CAPACITY");
  }
  if (result.info_size > result.info_capacity) {
    fail(rule, "process() returned OK with an info_size of " + bytes(result.info_size) +
                   " in a buffer of " + bytes(result.info_capacity) + " for " + task +
                   "; expected NO_CAPACITY");
  }
  const std::string_view info(result.info, static_cast<std::size_t>(result.info_size));
  if (strategy::valid_utf8(info) != info) {
    fail("strategy.h (6)", "the info of " + task + " is no UTF-8");
  }
}

void lent_result::check_request(const taskworker_result &result, const std::string &task) const {
  constexpr char place[] = "strategy.h, taskworker_status NO_CAPACITY";
  if (result.data_size <= result.data_capacity && result.info_size <= result.info_capacity) {
    fail(place, "process() returned NO_CAPACITY for " + task + ", but asks for data of " +
                    bytes(result.data_size) + " where there are " + bytes(result.data_capacity) +
                    ", and info of " + bytes(result.info_size) + " where there are " +
                    bytes(result.info_capacity) + "; expected the sizes needed");
  }
  if (std::max(result.data_size, result.info_size) > largest_request) {
    fail(place, "process() asks for " + bytes(std::max(result.data_size, result.info_size)) +
                    " for " + task + ", which is no size");
  }
}

lent_result lent_result::grown_for(const taskworker_result &result) const {
  return lent_result(std::max(result.data_size, result.data_capacity),
                     std::max(result.info_size, result.info_capacity), where_);
}

}  // namespace taskworker::check
