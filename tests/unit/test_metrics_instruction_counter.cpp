// SPDX-License-Identifier: MIT
#include "metrics/instruction_counter.hpp"

#include <sys/resource.h>

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

TEST_CASE("without a counter nothing is told", "[metrics_instruction_counter]") {
  rlimit usual{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &usual) == 0);
  const rlimit no_descriptor{0, usual.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &no_descriptor) == 0);
  const instruction_counter counter;
  REQUIRE(setrlimit(RLIMIT_NOFILE, &usual) == 0);
  CHECK_FALSE(counter.read());
}
