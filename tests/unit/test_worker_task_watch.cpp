// SPDX-License-Identifier: MIT
#include "worker/task_watch.hpp"

#include <vector>

#include "catch.hpp"

using namespace taskworker::worker;
using namespace std::chrono_literals;

namespace {

constexpr task_watch::time start{};

busy_worker at(std::uint32_t worker, std::uint64_t id) { return {worker, {id, 1, 4711}}; }

}  // namespace

TEST_CASE("a task runs from the first look that sees it on", "[worker_task_watch]") {
  task_watch watch(0ns);
  watch.look(start + 1s, std::vector{at(2, 17)});
  watch.look(start + 4s, std::vector{at(2, 17), at(3, 18)});
  const auto running = watch.running();
  REQUIRE(running.size() == 2);
  CHECK(running[0].worker == 2);
  CHECK(running[0].id == 17);
  CHECK(running[0].operation == 1);
  CHECK(running[0].thread == 4711);
  CHECK(running[0].running == 3s);
  CHECK(running[1].running == 0s);
}

TEST_CASE("a task is overdue when it runs longer than the limit", "[worker_task_watch]") {
  task_watch watch(5s);
  watch.look(start, std::vector{at(0, 1)});
  watch.look(start + 5s, std::vector{at(0, 1)});
  CHECK(watch.overdue().empty());
  watch.look(start + 5s + 1ns, std::vector{at(0, 1), at(1, 2)});
  REQUIRE(watch.overdue().size() == 1);
  CHECK(watch.overdue()[0].id == 1);
  CHECK(watch.timeouts() == 1);
}

TEST_CASE("a task that is overdue is told once and counted once", "[worker_task_watch]") {
  task_watch watch(1s);
  watch.look(start, std::vector{at(0, 1), at(1, 2)});
  watch.look(start + 2s, std::vector{at(0, 1)});
  CHECK(watch.take_new().size() == 1);
  watch.look(start + 3s, std::vector{at(0, 1)});
  CHECK(watch.take_new().empty());
  CHECK(watch.overdue().size() == 1);
  CHECK(watch.timeouts() == 1);
}

TEST_CASE("a task that has ended is overdue no more", "[worker_task_watch]") {
  task_watch watch(1s);
  watch.look(start, std::vector{at(0, 1)});
  watch.look(start + 2s, std::vector{at(0, 1)});
  watch.look(start + 3s, std::vector{at(0, 5)});
  CHECK(watch.overdue().empty());
  CHECK(watch.take_new().empty());
  CHECK(watch.running()[0].running == 0s);
  CHECK(watch.timeouts() == 1);
}

TEST_CASE("the same worker's next task begins anew, and another worker's is another",
          "[worker_task_watch]") {
  task_watch watch(1s);
  watch.look(start, std::vector{at(0, 1)});
  watch.look(start + 2s, std::vector{at(1, 1), at(0, 2)});
  CHECK(watch.overdue().empty());
}

TEST_CASE("without a limit no task is ever overdue", "[worker_task_watch]") {
  task_watch watch(0ns);
  watch.look(start, std::vector{at(0, 1)});
  watch.look(start + 24h, std::vector{at(0, 1)});
  CHECK(watch.overdue().empty());
  CHECK(watch.timeouts() == 0);
}
