// SPDX-License-Identifier: MIT
#include <string>

#include "catch.hpp"
#include "profiling/cpu/sampling_cost.hpp"

using Catch::Matchers::ContainsSubstring;
using taskworker::profiling::describe_sampling;
using taskworker::profiling::sampling_cost;

namespace {

std::string describe(const sampling_cost &before, const sampling_cost &after) {
  std::string text;
  for (const auto &line : describe_sampling(100, "in this time", before, after))
    text += line + '\n';
  return text;
}

}  // namespace

TEST_CASE("a description tells what came between two moments", "[profiling_sampling_cost]") {
  sampling_cost before;
  before.sampler = {.samples = 10, .lost_ticks = 1, .overruns = 2, .handler_ns = 1'000'000};
  before.profiler_cpu_ns = 5'000'000;
  sampling_cost after;
  after.sampler = {.samples = 30,
                   .lost_ticks = 4,
                   .overruns = 6,
                   .faults = 1,
                   .handler_ns = 3'500'000,
                   .threads = 7};
  after.failed_unwinds = 2;
  after.profiler_cpu_ns = 9'000'000;

  const std::string text = describe(before, after);
  CHECK_THAT(text, ContainsSubstring("rate: 100 samples"));
  CHECK_THAT(text, ContainsSubstring("(in this time): samples 20, late ticks 4, lost ticks 3, "
                                     "stacks not read to their end 2, of these by a fault 1\n"));
  CHECK_THAT(text, ContainsSubstring("signal handlers 2.5 ms, thread tw-profiler 4.0 ms\n"));
  CHECK_THAT(text, ContainsSubstring("threads with a timer now: 7\n"));
  CHECK(text.find("threads without") == text.npos);
}

TEST_CASE("threads without a timer are told, with what to do", "[profiling_sampling_cost]") {
  sampling_cost after;
  after.sampler.threads_without = 3;
  CHECK_THAT(describe({}, after), ContainsSubstring("threads without a timer now: 3;"));
  CHECK_THAT(describe({}, after), ContainsSubstring("ulimit -i"));
}
