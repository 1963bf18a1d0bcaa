// SPDX-License-Identifier: MIT
// The built strategy `bad`, through the interface. Threads that it leaks count for the
// whole process, and so do the limits that these tests give it.
#include <taskworker/ext/queue.h>

#include <filesystem>
#include <iterator>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "fake_host.hpp"
#include "strategy_checks.hpp"

using namespace strategy_checks;
using options = std::map<std::string, std::string>;

namespace {

std::size_t count_threads() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator("/proc/self/task"), {}));
}

// A thread that was joined may stay in the list for a moment.
bool falls_to(std::size_t threads) {
  for (int tries = 0; tries < 1'000'000; ++tries) {
    if (count_threads() <= threads) return true;
    std::this_thread::yield();
  }
  return false;
}

void process_some(started_strategy &strategy, std::uint64_t count) {
  for (std::uint64_t id = 0; id < count; ++id) {
    task_run run(static_cast<taskworker_operation>(id % 4), {1, 2, 3}, id);
    REQUIRE(strategy.process(run) == TASKWORKER_OK);
  }
}

std::vector<std::string> info_messages(fake_host &host) {
  std::vector<std::string> texts;
  for (const auto &each : host.messages()) {
    if (each.severity == TASKWORKER_LOG_INFO) texts.push_back(each.text);
  }
  return texts;
}

}  // namespace

TEST_CASE("bad gives right results and texts with any of its faults", "[strategies_bad]") {
  for (const std::string problems :
       {"none", "leak", "capacity", "alloc", "capacity,alloc", "leak,capacity,alloc"}) {
    INFO("problems=" << problems);
    fake_host host;
    started_strategy strategy(host, "bad",
                              {{"problems", problems}, {"leak-limit-threads", "2"}, {"keep", "3"}});
    check_results(strategy);
    check_capacity(strategy);
    check_refusals(host, strategy);
  }
}

TEST_CASE("bad leaks a job for each task, and each is released in the end", "[strategies_bad]") {
  fake_host host;
  {
    started_strategy strategy(host, "bad", {{"problems", "leak"}, {"leak-limit-threads", "0"}});
    CHECK(host.active_jobs() == 0);
    process_some(strategy, 100);
    CHECK(host.active_jobs() == 100);
    host.run_jobs();
    strategy.stop();
    CHECK(host.active_jobs() == 100);
  }
  CHECK(host.active_jobs() == 0);
  CHECK(host.released_jobs() == 100);
}

TEST_CASE("a leaked job outlives the run that started it", "[strategies_bad]") {
  fake_host host;
  started_strategy strategy(host, "bad", {{"problems", "leak"}, {"leak-limit-threads", "0"}});
  process_some(strategy, 10);
  strategy.stop();
  strategy.start();
  host.run_jobs();
  CHECK(host.active_jobs() == 10);
}

TEST_CASE("bad leaks no more jobs than its limit or the host allows", "[strategies_bad]") {
  for (const bool by_host : {false, true}) {
    fake_host host;
    if (by_host) host.max_jobs = 20;
    started_strategy strategy(host, "bad",
                              {{"problems", "leak"},
                               {"leak-limit-threads", "0"},
                               {"leak-limit-jobs", by_host ? "1000" : "20"}});
    process_some(strategy, 50);
    CHECK(host.active_jobs() == 20);
    strategy.stop();
    REQUIRE(info_messages(host).size() == 1);
    CHECK_THAT(info_messages(host)[0],
               Catch::Matchers::StartsWith("could not leak 30 jobs (leak-limit-jobs="));
  }
}

TEST_CASE("bad leaks threads up to its limit for the process", "[strategies_bad]") {
  fake_host host;
  const std::size_t before = count_threads();
  {
    started_strategy strategy(host, "bad",
                              {{"problems", "leak"},
                               {"leak-limit-jobs", "0"},
                               {"leak-limit-threads", "12"},
                               {"thread-every", "2"}});
    process_some(strategy, 100);
  }
  // Up to two of them may be those of a case before.
  CHECK(count_threads() >= before + 10);
  CHECK(count_threads() <= before + 12);
}

TEST_CASE("bad keeps results up to its limit and counts the others", "[strategies_bad]") {
  fake_host host;
  started_strategy strategy(host, "bad", {{"problems", "capacity"}, {"leak-limit-mib", "0"}});
  process_some(strategy, 7);
  strategy.stop();
  REQUIRE(info_messages(host).size() == 1);
  CHECK(info_messages(host)[0] == "could not leak 7 results (leak-limit-mib=0)");
}

TEST_CASE("bad without its faults leaves nothing", "[strategies_bad]") {
  for (const std::string problems : {"none", "capacity", "alloc"}) {
    fake_host host;
    const std::size_t before = count_threads();
    started_strategy strategy(host, "bad", {{"problems", problems}}, 3);
    CHECK(host.active_jobs() == 3);
    process_some(strategy, 100);
    strategy.stop();
    CHECK(host.active_jobs() == 0);
    CHECK(falls_to(before));
    CHECK(info_messages(host).empty());
  }
}

TEST_CASE("bad wants a queue of one task, but only where it leaks", "[strategies_bad]") {
  for (const bool leaks : {false, true}) {
    fake_host host;
    started_strategy strategy(host, "bad",
                              {{"problems", leaks ? "leak" : "none"}, {"leak-limit-threads", "0"}});
    const auto *queue =
        static_cast<const taskworker_queue *>(strategy.extension(TASKWORKER_EXT_QUEUE));
    REQUIRE(queue != nullptr);
    CHECK(queue->wanted_capacity(strategy.abi()) == (leaks ? 1 : 0));
    CHECK(strategy.extension("taskworker.queue/1x") == nullptr);
  }
}
