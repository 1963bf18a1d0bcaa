// SPDX-License-Identifier: MIT
#include "profiling/probes/machine_probes.hpp"

#include <cstdint>

#include "catch.hpp"
#include "unit/probe_checks.hpp"

using namespace taskworker::profiling;
using taskworker::metrics::group_limit;
using taskworker::metrics::machine_figures;
using enum probe_verdict;

namespace {

constexpr std::uint64_t MiB = std::uint64_t{1} << 20;
constexpr run_needs needs{.workers = 10, .threads = 18, .open_files = 200};

}  // namespace

TEST_CASE("a run needs its workers and some threads more", "[profiling_machine_probes]") {
  CHECK(needs_of_run(10).workers == 10);
  CHECK(needs_of_run(10).threads > 10);
  CHECK(needs_of_run(100).threads == needs_of_run(10).threads + 90);
}

TEST_CASE("open files must suffice for a run", "[profiling_machine_probes]") {
  check_probe(judge_open_files({}, needs), ok, "no limit");
  check_probe(judge_open_files({.open_files_limit = 200}, needs), ok, "200 may be open");
  check_probe(judge_open_files({.open_files_limit = 199}, needs), failed, "takes up to 200");
}

TEST_CASE("threads must suffice for a run, and should for bad", "[profiling_machine_probes]") {
  machine_figures machine;
  check_probe(judge_threads(machine, needs), ok, "no limit");
  machine.threads_limit = 2000;
  check_probe(judge_threads(machine, needs), ok, "2,000 by the user's limit");
  machine.threads_limit = 1000;
  check_probe(judge_threads(machine, needs), warning, "bad leaks up to 1,000");
  machine.group.threads = group_limit{100, 83};
  check_probe(judge_threads(machine, needs), failed, "17 by what is left of the control group's");
  machine.threads_limit = 5;
  check_probe(judge_threads(machine, needs), failed, "5 by the user's limit");
}

TEST_CASE("memory is what the machine and the group leave", "[profiling_machine_probes]") {
  machine_figures machine;
  check_probe(judge_memory(machine), ok, "does not tell");
  machine.memory_available = 4096 * MiB;
  check_probe(judge_memory(machine), ok, "4.00 GiB available");
  machine.group.memory = group_limit{1024 * MiB, 800 * MiB};
  check_probe(judge_memory(machine), warning, "224 MiB left of the control group's 1.00 GiB");
  machine.memory_available = 100 * MiB;
  check_probe(judge_memory(machine), warning, "100 MiB available");
}

TEST_CASE("fewer CPUs than workers are told, with how many fit", "[profiling_machine_probes]") {
  machine_figures machine{.cpus = 16};
  check_probe(judge_cpus(machine, needs), ok, "16 CPUs for 10 workers");
  machine.group.cpus = 2.5;
  check_probe(judge_cpus(machine, needs), warning, "the time of 2.50 of 16 CPUs");
  CHECK_THAT(judge_cpus(machine, needs).advice, Catch::Matchers::EndsWith("--workers=2"));
  machine.group.cpus = 0.1;
  CHECK_THAT(judge_cpus(machine, needs).advice, Catch::Matchers::EndsWith("--workers=1"));
}

TEST_CASE("a build that is not for measuring is told", "[profiling_machine_probes]") {
  check_probe(judge_build({"release", "", true}), ok, "release");
  check_probe(judge_build({"debug", "", false}), warning, "not optimized");
  check_probe(judge_build({"release", "address", true}), warning, "with sanitizers (address)");
#ifdef TASKWORKER_IS_SANITIZED
  CHECK_FALSE(read_build().sanitizers.empty());
#else
  CHECK(read_build().sanitizers.empty());
#endif
}

TEST_CASE("a clock that is slow to read is told", "[profiling_machine_probes]") {
  check_probe(judge_clock({true, 10}), ok, "time stamp counter, 10 ns a read");
  check_probe(judge_clock({false, 25}), ok, "CLOCK_MONOTONIC");
  check_probe(judge_clock({false, 700}), warning, "700 ns a read");
  CHECK(measure_clock().ns_per_read > 0);
}

TEST_CASE("what disturbs measuring is told", "[profiling_machine_probes]") {
  check_probe(judge_load({.cpus = 2, .load = 2}), ok, "2.00 threads at work on 2 CPUs");
  check_probe(judge_load({.cpus = 2, .load = 3.1}), warning, "3.10 threads at work on 2 CPUs");
  machine_figures machine;
  check_probe(judge_throttling(machine), ok, "no quota");
  machine.group.periods = 1234;
  check_probe(judge_throttling(machine), ok, "no quota");
  machine.group.throttled_periods = 5;
  check_probe(judge_throttling(machine), warning, "5 of 1,234 periods");
  check_probe(judge_governor(""), ok, "does not tell");
  check_probe(judge_governor("performance"), ok, "performance");
  check_probe(judge_governor("powersave"), warning, "governor powersave");
}
