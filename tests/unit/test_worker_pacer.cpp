// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "worker/pacer.hpp"

using taskworker::worker::pacer;

TEST_CASE("without a rate every task is due", "[worker_pacer]") {
  const pacer pace(0);
  CHECK_FALSE(pace.is_paced());
  CHECK(pace.due(1'000'000, 0, 64) == 64);
}

TEST_CASE("tasks are due at even distances from the start", "[worker_pacer]") {
  const pacer pace(1000);
  CHECK(pace.due_ns(0) == 0);
  CHECK(pace.due_ns(1) == 1'000'000);
  CHECK(pace.due_ns(2500) == 2'500'000'000);
  CHECK(pace.due(0, 0, 64) == 1);
  CHECK(pace.due(1, 999'999, 64) == 0);
  CHECK(pace.due(1, 1'000'000, 64) == 1);
}

TEST_CASE("what could not be produced in time is due at once, up to what is wanted",
          "[worker_pacer]") {
  const pacer pace(1000);
  CHECK(pace.due(0, 10'000'000, 64) == 11);
  CHECK(pace.due(0, 10'000'000'000, 64) == 64);
}

TEST_CASE("a high rate over a long time does not overflow", "[worker_pacer]") {
  const pacer pace(1'000'000'000);
  const std::uint64_t year_of_tasks = 365ull * 24 * 3600 * 1'000'000'000;
  CHECK(pace.due_ns(year_of_tasks) == year_of_tasks);
}

TEST_CASE("lateness is that of the moment, however long the run lasts", "[worker_pacer]") {
  const pacer pace(50);
  CHECK(pace.late_ns(0, 0) == 0);
  CHECK(pace.late_ns(50, 1'000'000'150) == 150);
  CHECK(pace.late_ns(50, 999'999'999) == 0);  // not yet due
  const std::uint64_t days = 50ull * 3600 * 24 * 30;
  CHECK(pace.late_ns(days, pace.due_ns(days) + 150) == 150);
  CHECK(pacer(0).late_ns(7, 1'000) == 0);
}
