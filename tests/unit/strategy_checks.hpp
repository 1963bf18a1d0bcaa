// SPDX-License-Identifier: MIT
// What must hold for `bad` in every mode, as it does for `optimized`.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "fake_host.hpp"

namespace strategy_checks {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();
constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

/// Multiplies by adding, bit by bit: another way than that of the strategies.
inline std::uint64_t slow_product(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  for (; b != 0; b >>= 1, a += a) {
    if ((b & 1) != 0) product += a;
  }
  return product;
}

inline std::int64_t expected_scalar(taskworker_operation operation,
                                    const std::vector<std::int64_t> &in) {
  std::uint64_t scalar = operation == TASKWORKER_SUM ? 0 : 1;
  for (const auto value : in) {
    const auto bits = static_cast<std::uint64_t>(value);
    scalar = operation == TASKWORKER_SUM ? scalar + bits : slow_product(scalar, bits);
  }
  return static_cast<std::int64_t>(scalar);
}

inline std::vector<std::int64_t> expected_values(taskworker_operation operation,
                                                 const std::vector<std::int64_t> &in) {
  std::vector<std::int64_t> out;
  for (const auto value : in) {
    const auto bits = static_cast<std::uint64_t>(value);
    if (operation == TASKWORKER_SQUARE) {
      out.push_back(static_cast<std::int64_t>(slow_product(bits, bits)));
    } else if (value % 2 == 0) {
      out.push_back(value);
    }
  }
  return out;
}

inline void check_task(started_strategy &strategy, taskworker_operation operation,
                       const std::vector<std::int64_t> &in) {
  task_run run(operation, in);
  REQUIRE(strategy.process(run) == TASKWORKER_OK);
  const std::string size = std::to_string(in.size());
  if (operation == TASKWORKER_SUM || operation == TASKWORKER_MULTIPLY) {
    CHECK(run.result.kind == TASKWORKER_SCALAR);
    CHECK(run.result.scalar == expected_scalar(operation, in));
    CHECK(run.info_text() ==
          (operation == TASKWORKER_SUM ? "Sum of " : "Product of ") + size + " numbers");
    return;
  }
  const auto expected = expected_values(operation, in);
  CHECK(run.result.kind == TASKWORKER_ARRAY);
  CHECK(run.values() == expected);
  CHECK(run.info_text() ==
        (operation == TASKWORKER_SQUARE
             ? "Squared " + size + " numbers"
             : "Filtered " + std::to_string(expected.size()) + " even numbers from " + size));
}

/// All operations on sizes from none to large, and on numbers that overflow.
inline void check_results(started_strategy &strategy) {
  std::vector<std::vector<std::int64_t>> inputs = {{largest, 1},
                                                   {largest, largest, largest},
                                                   {smallest, -1},
                                                   {smallest, smallest},
                                                   {3, largest - 1, -7, 0, -4}};
  for (const std::int64_t size : {0, 1, 10, 100, 1000}) {
    std::vector<std::int64_t> generated;
    for (std::int64_t k = 0; k < size; ++k) generated.push_back((k * 7 + 3) % 100);
    inputs.push_back(std::move(generated));
    std::vector<std::int64_t> odd;
    for (std::int64_t k = 0; k < size; ++k) odd.push_back(2 * k * k - 2001);
    inputs.push_back(std::move(odd));
  }
  for (taskworker_operation operation = 0; operation < 4; ++operation) {
    for (const auto &in : inputs) check_task(strategy, operation, in);
  }
}

/// Buffers that are too small get the sizes needed, and a second call with them works.
inline void check_capacity(started_strategy &strategy) {
  for (const auto operation : {TASKWORKER_SQUARE, TASKWORKER_FILTER}) {
    task_run run(static_cast<taskworker_operation>(operation), {2, 4, 6});
    run.result.data_capacity = 16;
    REQUIRE(strategy.process(run) == TASKWORKER_NO_CAPACITY);
    CHECK(run.result.data_size == 24);
    CHECK(run.result.info_size >= 17);
    run.result.data_capacity = run.result.data_size;
    REQUIRE(strategy.process(run) == TASKWORKER_OK);
    CHECK(run.result.data_size == 24);
  }
  task_run run(TASKWORKER_SUM, {1, 2, 3});
  run.result.info_capacity = 15;
  REQUIRE(strategy.process(run) == TASKWORKER_NO_CAPACITY);
  CHECK(run.result.info_size == 16);
  CHECK(run.info[15] == '\0');
  run.result.info_capacity = 16;
  REQUIRE(strategy.process(run) == TASKWORKER_OK);
  CHECK(run.info_text() == "Sum of 3 numbers");
}

/// What no strategy can do is refused, with the reason in the log.
inline void check_refusals(fake_host &host, started_strategy &strategy) {
  const auto before = host.messages().size();
  task_run unknown(4, {1});
  unknown.task.id = 17;
  CHECK(strategy.process(unknown) == TASKWORKER_UNSUPPORTED);
  task_run torn(TASKWORKER_SUM, {1, 2});
  torn.task.payload_size = 15;
  CHECK(strategy.process(torn) == TASKWORKER_FAILED);
  const auto messages = host.messages();
  REQUIRE(messages.size() == before + 2);
  CHECK(messages[before].text == "task 17 has operation 4, expected 0 to 3");
  CHECK(messages[before + 1].text == "task 0 has a payload of 15 bytes, expected a multiple of 8");
  CHECK(messages[before + 1].severity == TASKWORKER_LOG_ERROR);
}

}  // namespace strategy_checks
