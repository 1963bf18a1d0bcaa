// SPDX-License-Identifier: MIT
#include "metrics/instruction_counter.hpp"

#include <thread>

#include "catch.hpp"
#include "unit/burn_cpu.hpp"

using taskworker::metrics::instruction_counter;

TEST_CASE("instructions are counted on threads that start later, or not at all",
          "[metrics_instruction_counter]") {
  const instruction_counter counter;
  const auto before = counter.read();
  std::thread(burn_cpu, std::chrono::milliseconds(20)).join();
  const auto after = counter.read();
  // A machine without a counter tells nothing; it never tells 0.
  CHECK(before.has_value() == after.has_value());
  if (after) CHECK(*after > *before + 1'000'000);
}
