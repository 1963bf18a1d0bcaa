// SPDX-License-Identifier: MIT
// Samples of a comparison, of the built taskworker.
#include <sys/wait.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "catch.hpp"
#include "compare/metric.hpp"
#include "compare/sample.hpp"

using namespace taskworker::compare;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

bool never() { return false; }

std::string bad_strategy(const std::string &name) {
  return std::string(std::getenv("TASKWORKER_TEST_BAD_STRATEGIES")) + "/" + name + ".so";
}

std::optional<sample> take(const std::string &strategy, std::chrono::nanoseconds patience = 1min,
                           bool (*is_cancelled)() = never) {
  const std::vector<std::string> arguments{"--tasks=300",   "--duration=0",  "--workers=2",
                                           "--listen=none", "--report=json", "--quiet",
                                           "--verify=all"};
  return take_sample(std::getenv("TASKWORKER"), strategy, arguments, patience, is_cancelled);
}

sample_error refusal_of(const std::string &strategy, std::chrono::nanoseconds patience = 1min) {
  try {
    (void)take(strategy, patience);
  } catch (const sample_error &error) {
    return error;
  }
  FAIL("a sample was taken of " << strategy);
  throw std::logic_error("unreachable");
}

double value_of(const sample &taken, const char *name) {
  return taken.values.at(static_cast<std::size_t>(find_metric(name) - metrics().data())).value();
}

}  // namespace

TEST_CASE("a run that is well gives every figure", "[sampling]") {
  const sample taken = take("optimized").value();
  for (const metric &each : metrics()) {
    if (each.name == "instructions_per_task") continue;  // not every machine counts them
#ifndef TASKWORKER_HAVE_JEMALLOC
    if (each.name == "bytes_per_task" || each.name == "allocations_per_task") continue;
#endif
    CAPTURE(each.name);
    CHECK(taken.values.at(static_cast<std::size_t>(&each - metrics().data())).has_value());
  }
  CHECK(value_of(taken, "cpu_ns_per_task") > 0);
  CHECK(value_of(taken, "context_switches_per_task") > 0);
  CHECK(value_of(taken, "page_faults_per_task") > 0);
  CHECK(value_of(taken, "peak_resident") > 1'000'000);
  CHECK(value_of(taken, "descriptors_left") == 0);
  CHECK(taken.busy_seconds > 0);
  CHECK_FALSE(taken.results_digest.empty());
  CHECK(take("bad").value().results_digest == taken.results_digest);
}

TEST_CASE("a run that goes wrong is told by how it ended", "[sampling]") {
  const sample_error crashed = refusal_of(bad_strategy("crashes_in_process"));
  CHECK_THAT(crashed.what(), ContainsSubstring("' was killed by SIGABRT: taskworker: "));
  CHECK(crashed.exit_status() == 128 + SIGABRT);

  const sample_error failed = refusal_of(bad_strategy("fails_every_third"));
  CHECK_THAT(failed.what(), ContainsSubstring("' ended with status 5: "));
  CHECK(failed.exit_status() == 5);

  const sample_error unknown = refusal_of("nosuch");
  CHECK_THAT(unknown.what(),
             StartsWith("'nosuch' ended with status 3: taskworker: no strategy 'nosuch' found"));
  CHECK(unknown.exit_status() == 3);
}

TEST_CASE("a run that hangs is ended after the patience for it", "[sampling]") {
  const sample_error hung = refusal_of(bad_strategy("hangs_in_process"), 300ms);
  CHECK_THAT(hung.what(), ContainsSubstring("' did not end within 300 ms"));
  CHECK(hung.exit_status() == 128 + SIGKILL);
}

TEST_CASE("a run that is cancelled gives nothing and leaves no process", "[sampling]") {
  static std::atomic<int> asked{0};
  CHECK_FALSE(take(bad_strategy("hangs_in_process"), 1min, [] { return ++asked >= 3; }));
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);  // not even one to be reaped
}
