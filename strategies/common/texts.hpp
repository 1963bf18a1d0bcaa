// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/text_writer.hpp"

/// The texts that go with every task.
namespace taskworker::strategies {

/// Room for any of them: the longest, a log line about filtering whose four numbers have
/// all the digits they can, has 123 bytes.
constexpr std::size_t max_text = 192;

/// "Sum of 100 numbers", "Product of 100 numbers", "Squared 100 numbers", "Filtered 50
/// even numbers from 100". `result` holds the numbers already.
void write_info(text_writer &out, const taskworker_task &task, const taskworker_result &result);

/// "worker 3 processed task 17: Sum of 100 numbers", of which all up to the task's number is
/// the same for every task of a worker. `result` has its info already.
void start_log_line(text_writer &out, std::uint32_t worker);
void end_log_line(text_writer &out, std::uint64_t task, const taskworker_result &result);

/// "worker=3 task=17 processed=45", in the same way.
void start_metadata(text_writer &out, std::uint32_t worker);
void end_metadata(text_writer &out, std::uint64_t task, std::uint64_t processed);

}  // namespace taskworker::strategies
