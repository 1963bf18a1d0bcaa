// SPDX-License-Identifier: MIT
#include "worker/session_config.hpp"

#include "catch.hpp"
#include "worker/pool.hpp"

using namespace taskworker::worker;

TEST_CASE("a strategy gets the queue that it wants, up to a bound", "[worker_session_config]") {
  CHECK(queue_capacity({}, 7, false) == 7);
  CHECK(queue_capacity({}, 7, true) == 7);
  CHECK(queue_capacity({}, 1'000'000, false) == 65536);
}

TEST_CASE("a queue is no longer than the tasks of its worker, and shorter where each has a buffer",
          "[worker_session_config]") {
  CHECK(queue_capacity({.workers = 10, .tasks = 10'000}, 0, false) == 1000);
  CHECK(queue_capacity({.workers = 10, .tasks = 10}, 0, false) == 64);
  CHECK(queue_capacity({.workers = 1, .tasks = 0}, 0, false) == pool_config{}.queue_capacity);
  CHECK(queue_capacity({.workers = 1, .tasks = 0}, 0, true) == 256);
}
