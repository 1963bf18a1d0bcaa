// SPDX-License-Identifier: MIT
#include "profiling/probes/thread_probes.hpp"

#include <utility>

#include "catch.hpp"
#include "profiling/contention/contention.hpp"
#include "unit/probe_checks.hpp"

using namespace taskworker::profiling;
using enum probe_verdict;

namespace {

thread_snapshot snapshot(pid_t tid, bool has_answered) {
  thread_snapshot made;
  made.tid = tid;
  if (has_answered) {
    made.frames = {1, 2, 3};
  } else {
    made.silence = "blocks signals";
  }
  return made;
}

thread_info started(pid_t tid, std::uint32_t depth) {
  thread_info made;
  made.tid = tid;
  made.started_by.depth = depth;
  return made;
}

}  // namespace

TEST_CASE("a waiting thread must show its stack", "[profiling_thread_probes]") {
  thread_observation seen{.tid = 7, .look_ns = 100'000, .snapshots = {}, .recorded = {}};
  check_probe(judge_thread_stacks(seen), failed, "was not found");
  seen.snapshots = {snapshot(5, false), snapshot(7, true)};
  check_probe(judge_thread_stacks(seen), ok, "2 threads, 1 answered, in 100 us");
  seen.snapshots = {snapshot(5, true), snapshot(7, false)};
  check_probe(judge_thread_stacks(seen), failed, "blocks signals");
}

TEST_CASE("a new thread must be recorded with who started it", "[profiling_thread_probes]") {
  thread_observation seen{.tid = 7, .look_ns = 0, .snapshots = {}, .recorded = {}};
  check_probe(judge_thread_starts(seen, false), warning, "not recorded in this build");
  check_probe(judge_thread_starts(seen, true), failed, "was not recorded");
  seen.recorded = {started(7, 0)};
  check_probe(judge_thread_starts(seen, true), failed, "was not recorded");
  seen.recorded = {started(5, 3), started(7, 3)};
  check_probe(judge_thread_starts(seen, true), ok, "the stack that started each");
}

TEST_CASE("a wait for a lock must be seen", "[profiling_thread_probes]") {
  check_probe(judge_contention({.is_recorded = false}), warning, "not recorded in this build");
  check_probe(judge_contention({true, 10'000'000, 9'000'000}), ok, "9.00 ms");
  check_probe(judge_contention({true, 10'000'000, 0}), failed, "10.0 ms");
}

TEST_CASE("threads of this process are seen", "[profiling_thread_probes]") {
  const thread_observation seen = observe_threads();
  CHECK(seen.tid > 0);
  CHECK(judge_thread_stacks(seen).verdict == ok);
  CHECK(judge_thread_starts(seen, threads_are_recorded()).verdict ==
        (threads_are_recorded() ? ok : warning));
}

TEST_CASE("contention of this process is seen and recording is as before",
          "[profiling_thread_probes]") {
  const bool was_on = GENERATE(false, true);
  set_contention_recording(was_on);
  const bool is_on = is_recording_contention();
  const contention_observation seen = observe_contention();
  CHECK(seen.is_recorded == contention_is_recorded());
  CHECK(judge_contention(seen).verdict == (contention_is_recorded() ? ok : warning));
  CHECK(is_recording_contention() == is_on);
  set_contention_recording(false);
}
