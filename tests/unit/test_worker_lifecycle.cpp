// SPDX-License-Identifier: MIT
#include <vector>

#include "catch.hpp"
#include "worker/lifecycle.hpp"

using taskworker::worker::lifecycle;
using enum taskworker::worker::run_action;
using enum taskworker::worker::run_event;

namespace {

using taskworker::worker::run_action;
using taskworker::worker::run_event;

std::vector<run_action> play(lifecycle &run, const std::vector<run_event> &events) {
  std::vector<run_action> actions;
  for (const run_event event : events) actions.push_back(run.on(event));
  return actions;
}

}  // namespace

TEST_CASE("without a duration a run ends with its tasks", "[worker_lifecycle]") {
  lifecycle run(false);
  CHECK(play(run, {started, tasks_done, stopped}) == std::vector{feed, stop, finish});
  CHECK_FALSE(run.was_signalled());
}

TEST_CASE("with a duration a run lingers after its tasks", "[worker_lifecycle]") {
  lifecycle run(true);
  CHECK(play(run, {started, tasks_done, duration_over, stopped}) ==
        std::vector{feed, linger, stop, finish});
}

TEST_CASE("a duration that ends first drains the queues", "[worker_lifecycle]") {
  lifecycle run(true);
  CHECK(play(run, {started, duration_over, tasks_done, stopped}) ==
        std::vector{feed, drain, stop, finish});
  CHECK_FALSE(run.was_signalled());
}

TEST_CASE("a signal drains while tasks run and stops a run that lingers", "[worker_lifecycle]") {
  lifecycle working(true);
  CHECK(play(working, {started, stop_signal, tasks_done, stopped}) ==
        std::vector{feed, drain, stop, finish});
  CHECK(working.was_signalled());

  lifecycle lingering(true);
  CHECK(play(lingering, {started, tasks_done, stop_signal, stopped}) ==
        std::vector{feed, linger, stop, finish});
}

TEST_CASE("a signal before the strategy has started takes no task", "[worker_lifecycle]") {
  lifecycle run(true);
  CHECK(play(run, {stop_signal, started, stopped}) == std::vector{drain, stop, finish});
}

TEST_CASE("a second signal ends at once, in every phase", "[worker_lifecycle]") {
  const std::vector<std::vector<run_event>> before = {
      {stop_signal},
      {stop_signal, started},
      {started, stop_signal},
      {started, stop_signal, tasks_done},
      {started, tasks_done, stop_signal},
      {started, duration_over, stop_signal},
  };
  for (const auto &events : before) {
    lifecycle run(true);
    static_cast<void>(play(run, events));
    CHECK(run.on(stop_signal) == die);
    CHECK(run.on(stopped) == nothing);
  }
}

TEST_CASE("the grace time gives up a drain or a stop that hangs", "[worker_lifecycle]") {
  lifecycle draining(true);
  CHECK(play(draining, {started, stop_signal, grace_over}) == std::vector{feed, drain, give_up});
  lifecycle stopping(false);
  CHECK(play(stopping, {started, tasks_done, grace_over}) == std::vector{feed, stop, give_up});
}

TEST_CASE("the time to start gives up a start that hangs, and nothing else", "[worker_lifecycle]") {
  lifecycle starting(true);
  CHECK(play(starting, {start_overdue, started}) == std::vector{give_up, nothing});
  lifecycle signalled(true);
  CHECK(play(signalled, {stop_signal, start_overdue}) == std::vector{drain, give_up});
  lifecycle working(false);
  CHECK(play(working, {started, start_overdue, tasks_done, start_overdue, stopped}) ==
        std::vector{feed, nothing, stop, nothing, finish});
}

TEST_CASE("a signal that comes while a run stops by itself is its first", "[worker_lifecycle]") {
  lifecycle run(false);
  CHECK(play(run, {started, tasks_done, stop_signal, stopped}) ==
        std::vector{feed, stop, nothing, finish});
}
