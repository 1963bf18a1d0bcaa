// SPDX-License-Identifier: MIT
#include "profiling/probes/cpu_probes.hpp"

#include <chrono>
#include <cstdint>

#include "catch.hpp"
#include "unit/probe_checks.hpp"

using namespace taskworker::profiling;
using taskworker::metrics::machine_figures;
using namespace std::chrono_literals;
using enum probe_verdict;

namespace {

constexpr run_needs needs{.workers = 10, .threads = 18, .open_files = 200};

short_profile usual() {
  return {.elapsed_ns = 205'000'000,
          .used_ns = 200'000'000,
          .seen_ns = 196'000'000,
          .stacks = 49,
          .broken_stacks = 0,
          .threads = 2,
          .threads_without = 0};
}

}  // namespace

TEST_CASE("a short profile has what was used", "[profiling_cpu_probes]") {
  const short_profile taken = take_short_profile(200ms, 60s);
  CHECK(taken.used_ns >= 200'000'000);
  CHECK(taken.threads >= 1);
  CHECK(taken.threads_without == 0);
  CHECK(taken.stacks > 0);
  CHECK(judge_cpu_time(taken).verdict == ok);
#ifndef TASKWORKER_IS_SANITIZED  // the thread sanitizer delays signals, and calls handlers itself
  CHECK(judge_unwinding(taken).verdict == ok);
#endif
}

TEST_CASE("a short profile ends at its limit", "[profiling_cpu_probes]") {
  const short_profile taken = take_short_profile(1h, 1ms);
  CHECK(taken.used_ns < 3'600'000'000'000);
  CHECK(taken.elapsed_ns >= 1'000'000);
}

TEST_CASE("each thread of a run must get its timer", "[profiling_cpu_probes]") {
  machine_figures machine;
  check_probe(judge_cpu_timers(usual(), machine, needs), ok, "no limit");
  machine.signals_limit = 2000;
  machine.signals_queued = 500;
  check_probe(judge_cpu_timers(usual(), machine, needs), ok, "room for 1,500");
  machine.signals_queued = 1500;
  check_probe(judge_cpu_timers(usual(), machine, needs), warning, "room for 500");
  machine.signals_queued = 1983;
  check_probe(judge_cpu_timers(usual(), machine, needs), failed, "a run takes 18");
  machine.signals_queued = 2001;
  check_probe(judge_cpu_timers(usual(), machine, needs), failed, "room for 0");
  short_profile refused = usual();
  refused.threads_without = 3;
  check_probe(judge_cpu_timers(refused, {}, needs), failed, "3 of 5 threads");
}

TEST_CASE("the profile must agree with the CPU clock", "[profiling_cpu_probes]") {
  short_profile taken = usual();
  check_probe(judge_cpu_time(taken), ok, "196 ms of 200 ms used, in 49 samples");
  taken.seen_ns = 100'000'000;
  check_probe(judge_cpu_time(taken), warning, "100 ms of 200 ms");
  taken.seen_ns = 300'000'000;
  check_probe(judge_cpu_time(taken), warning, "300 ms of 200 ms");
  taken.seen_ns = taken.stacks = 0;
  check_probe(judge_cpu_time(taken), failed, "0 samples");
  CHECK_THAT(judge_cpu_time(taken).advice, Catch::Matchers::ContainsSubstring("sandbox"));
  taken.threads_without = 2;
  CHECK(judge_cpu_time(taken).advice == "see CPU timers above");
}

TEST_CASE("stacks that break off are told", "[profiling_cpu_probes]") {
  short_profile taken = usual();
  check_probe(judge_unwinding(taken), ok, "49 stacks of 49");
  taken.broken_stacks = 2;
  check_probe(judge_unwinding(taken), ok, "47 stacks of 49");
  taken.broken_stacks = 3;
  check_probe(judge_unwinding(taken), warning, "46 stacks of 49");
  taken.stacks = 4;
  check_probe(judge_unwinding(taken), warning, "4 stacks only");
}
