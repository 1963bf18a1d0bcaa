// SPDX-License-Identifier: MIT
#include "worker/live_stack.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "catch.hpp"
#include "parked_thread.hpp"

using namespace taskworker;
using namespace taskworker::worker;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a thread is found by its name, with functions and lines", "[worker_live_stack]") {
  const parked_thread parked("tw-parked");
  profiling::symbols names;
  static constexpr std::array wanted = {"tw-parked", "tw-nobody"};
  const auto threads = read_stacks(wanted, names);
  REQUIRE(threads.size() == 1);
  CHECK(threads[0].name == "tw-parked");
  CHECK(std::any_of(threads[0].stack.begin(), threads[0].stack.end(), [](const auto &line) {
    return line.find("parked_thread") != std::string::npos;
  }));
}

TEST_CASE("a worker shows the stack of its task, and none of one that has ended",
          "[worker_live_stack]") {
  const parked_thread parked;  // in task 42
  profiling::symbols names;
  std::vector<stuck_task> tasks(2);
  for (auto &each : tasks) {
    each.worker = parked_thread::worker();
    each.thread = parked.tid();
  }
  tasks[0].id = 41;
  tasks[1].id = 42;
  read_stacks(tasks, names);
  CHECK(tasks[0].stack.empty());
  CHECK_FALSE(tasks[1].stack.empty());
}
