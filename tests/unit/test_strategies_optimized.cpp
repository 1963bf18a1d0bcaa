// SPDX-License-Identifier: MIT
// The built strategy `optimized`, through the interface.
#include <taskworker/ext/queue.h>

#include <string>
#include <vector>

#include "catch.hpp"
#include "fake_host.hpp"
#include "strategy_checks.hpp"
#ifdef TASKWORKER_HAVE_JEMALLOC
#include <jemalloc/jemalloc.h>
#endif

using namespace strategy_checks;

TEST_CASE("optimized gives right results and texts", "[strategies_optimized]") {
  fake_host host;
  started_strategy strategy(host, "optimized", {{"keep", "3"}});
  check_results(strategy);
  check_capacity(strategy);
  check_refusals(host, strategy);
}

TEST_CASE("optimized has one helper job per worker, which ends with stop()",
          "[strategies_optimized]") {
  fake_host host;
  started_strategy strategy(host, "optimized", {}, 3);
  CHECK(host.active_jobs() == 3);
  task_run run(TASKWORKER_SUM, {1});
  for (int i = 0; i < 100; ++i) strategy.process(run, 2);
  host.run_jobs();
  CHECK(host.active_jobs() == 3);
  strategy.stop();
  CHECK(host.active_jobs() == 0);
  CHECK(host.released_jobs() == 3);
}

TEST_CASE("optimized can be started again", "[strategies_optimized]") {
  fake_host host;
  started_strategy strategy(host, "optimized", {}, 2);
  strategy.stop();
  strategy.start();
  check_results(strategy);
  CHECK(host.active_jobs() == 2);
}

TEST_CASE("optimized works without a helper and says so", "[strategies_optimized]") {
  fake_host host;
  host.max_jobs = 1;
  started_strategy strategy(host, "optimized", {}, 2);
  check_results(strategy);
  REQUIRE(host.messages().size() == 1);
  CHECK(host.messages()[0].severity == TASKWORKER_LOG_WARNING);
  CHECK(host.messages()[0].text == "worker 1 has no helper: no job is left");
}

TEST_CASE("optimized tells of each worker's last task when it stops", "[strategies_optimized]") {
  fake_host host;
  started_strategy strategy(host, "optimized", {{"keep", "2"}}, 4);
  for (std::uint64_t id = 15; id < 18; ++id) {
    task_run run(TASKWORKER_SUM, std::vector<std::int64_t>(100, 1), id);
    strategy.process(run, 3);
  }
  strategy.stop();
  const auto messages = host.messages();
  REQUIRE(messages.size() == 5);  // the monitor and four workers
  CHECK(messages[4].severity == TASKWORKER_LOG_DEBUG);
  CHECK(messages[4].text ==
        "kept 2 results; the last task: worker 3 processed task 17: Sum of 100 numbers "
        "(worker=3 task=17 processed=3)");
}

TEST_CASE("optimized leaves the queue to the host", "[strategies_optimized]") {
  fake_host host;
  started_strategy strategy(host, "optimized");
  CHECK(strategy.extension(TASKWORKER_EXT_QUEUE) == nullptr);
}

#ifdef TASKWORKER_HAVE_JEMALLOC
TEST_CASE("optimized allocates nothing from the first task on", "[strategies_optimized]") {
  fake_host host;
  started_strategy strategy(host, "optimized", {{"keep", "100"}});
  std::vector<std::int64_t> numbers(100, 7);
  task_run runs[] = {task_run(TASKWORKER_SUM, numbers), task_run(TASKWORKER_MULTIPLY, numbers),
                     task_run(TASKWORKER_SQUARE, numbers), task_run(TASKWORKER_FILTER, numbers)};
  const auto allocated = [] {
    std::uint64_t bytes = 0;
    std::size_t size = sizeof bytes;
    REQUIRE(mallctl("thread.allocated", &bytes, &size, nullptr, 0) == 0);
    return bytes;
  };
  std::uint64_t failed = 0;
  const std::uint64_t before = allocated();
  for (std::uint64_t id = 0; id < 10'000; ++id) {
    task_run &run = runs[id % 4];
    run.task.id = id;
    if (strategy.process(run) != TASKWORKER_OK) ++failed;
  }
  CHECK(allocated() - before == 0);
  CHECK(failed == 0);
}
#endif
