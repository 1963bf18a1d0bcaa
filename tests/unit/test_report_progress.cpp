// SPDX-License-Identifier: MIT
#include "report/progress.hpp"

#include <chrono>

#include "catch.hpp"

using namespace taskworker;
using namespace std::chrono_literals;

TEST_CASE("the live line fits a terminal", "[report_progress]") {
  worker::session_view view;
  view.totals = metrics::task_totals(1);
  view.totals.operations[0].processed = 1'234'567;
  view.now.threads = 1;
  view.now.jobs = 20;
  view.now.memory.allocated = 3'565'158;
  CHECK(report::progress_line(view, 2'000'000, 512'345.6) ==
        "1,234,567/2,000,000 tasks, 512,346/s, 1 thread, 20 jobs, 3.40 MiB");
  view.totals.operations[0].processed = ~std::uint64_t{0};
  view.now.memory.allocated = ~std::uint64_t{0};
  CHECK(report::progress_line(view, ~std::uint64_t{0}, 1e18).size() <= 79);
}

TEST_CASE("a rate is of the time since the look before", "[report_progress]") {
  report::rate_meter meter;
  worker::session_view view;
  view.totals = metrics::task_totals(1);
  CHECK(meter.next(view) == 0);  // no time has passed
  view.totals.operations[0].processed = 100;
  view.elapsed = 2s;
  CHECK(meter.next(view) == Approx(50));
  view.totals.operations[0].processed = 110;
  view.elapsed = 3s;
  CHECK(meter.next(view) == Approx(10));
  CHECK(meter.next(view) == 0);
}
