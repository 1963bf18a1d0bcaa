// SPDX-License-Identifier: MIT
#include "worker/watchdog.hpp"

#include <atomic>
#include <future>
#include <utility>
#include <vector>

#include "catch.hpp"

using namespace taskworker::worker;
using namespace std::chrono_literals;

TEST_CASE("a task that runs too long is reported once, and seen until it ends",
          "[worker_watchdog]") {
  std::atomic<std::uint64_t> id{17};
  std::promise<std::vector<stuck_task>> first;
  std::atomic<int> reports{0};
  watchdog watch(
      1ms, [&] { return std::vector<busy_worker>{{3, {id, 1}}}; },
      [&](std::vector<stuck_task> late) {
        if (++reports == 1) first.set_value(std::move(late));
      });
  const auto late = first.get_future().get();
  REQUIRE(late.size() == 1);
  CHECK(late[0].worker == 3);
  CHECK(late[0].id == 17);
  CHECK(late[0].running > 1ms);
  CHECK(watch.overdue().size() == 1);
  CHECK(watch.timeouts() == 1);
  CHECK(reports == 1);
  id = 18;
  CHECK(watch.overdue().empty());
}

TEST_CASE("without a limit the watchdog only tells how long tasks run", "[worker_watchdog]") {
  watchdog watch(
      0ms, [] { return std::vector<busy_worker>{{0, {5, 0}}}; },
      [](const std::vector<stuck_task> &) { FAIL("nothing is overdue"); });
  watch.look();
  while (watch.running()[0].running == 0ns) {
  }
  CHECK(watch.overdue().empty());
}

TEST_CASE("a watchdog whose limit is far away ends at once", "[worker_watchdog]") {
  const watchdog watch(
      1h, [] { return std::vector<busy_worker>{}; }, [](const std::vector<stuck_task> &) {});
}
