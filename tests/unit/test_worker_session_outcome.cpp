// SPDX-License-Identifier: MIT
#include "worker/session_outcome.hpp"

#include "catch.hpp"

using namespace taskworker::worker;

TEST_CASE("a run was cut off when something kept it from its end", "[worker_session_outcome]") {
  session_outcome outcome;
  for (const auto end :
       {session_end::tasks_done, session_end::duration_over, session_end::stop_signal}) {
    outcome.end = end;
    CHECK_FALSE(outcome.was_cut_off());
    CHECK_FALSE(outcome.is_stuck());
  }
  for (const auto end : {session_end::second_signal, session_end::crash}) {
    outcome.end = end;
    CHECK(outcome.was_cut_off());
    CHECK_FALSE(outcome.is_stuck());
  }
  for (const auto end : {session_end::start_overdue, session_end::grace_over}) {
    outcome.end = end;
    CHECK(outcome.was_cut_off());
    CHECK(outcome.is_stuck());
  }
}

TEST_CASE("leaks are counted by their kind", "[worker_session_outcome]") {
  session_outcome outcome;
  outcome.leaks = {
      {leak::kind::job, 3, "a"}, {leak::kind::thread, 1, "b"}, {leak::kind::job, 4, "c"}};
  CHECK(outcome.leaked(leak::kind::job) == 7);
  CHECK(outcome.leaked(leak::kind::thread) == 1);
}

TEST_CASE("a sample is raised figure by figure", "[worker_session_outcome]") {
  resource_sample peak{.threads = 5, .jobs = 1};
  peak.raise_to({.threads = 3, .jobs = 9});
  CHECK(peak.threads == 5);
  CHECK(peak.jobs == 9);
}

TEST_CASE("a stuck task is told in words", "[worker_session_outcome]") {
  const stuck_task task{
      .worker = 2, .id = 17, .operation = 1, .running = std::chrono::milliseconds(5500)};
  CHECK(describe(task, {"sum", "filter"}) == "task 17 (filter) on worker 2 has run for 5.50 s");
}
