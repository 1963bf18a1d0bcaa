// SPDX-License-Identifier: MIT
#include <cstdint>

#include "catch.hpp"
#include "profiling/cpu/sample_thinning.hpp"

using taskworker::profiling::sample_thinning;

TEST_CASE("at the same rate each sample counts once", "[profiling_sample_thinning]") {
  sample_thinning thinning(1000, 1);
  for (int i = 0; i < 100; ++i) CHECK(thinning.count(1, 1000) == 1);
}

TEST_CASE("a sample of several ticks counts as many times", "[profiling_sample_thinning]") {
  sample_thinning thinning(1000, 1);
  CHECK(thinning.count(1, 3000) == 3);
  sample_thinning of_faster(1000, 2);
  CHECK(of_faster.count(1, 50'000) == 50);
}

TEST_CASE("a lower rate counts a thread's whole time, less than one period off",
          "[profiling_sample_thinning]") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    sample_thinning thinning(10'000, seed);
    std::uint64_t count = 0;
    for (int i = 0; i < 1001; ++i) count += thinning.count(1, 4'000);
    CHECK(count >= 400);
    CHECK(count <= 401);
  }
}

TEST_CASE("threads are thinned each on its own", "[profiling_sample_thinning]") {
  sample_thinning thinning(10'000, 1);
  std::uint64_t one = 0;
  std::uint64_t other = 0;
  for (int i = 0; i < 100; ++i) {
    one += thinning.count(1, 10'000);
    other += thinning.count(2, 1'000);
  }
  CHECK(one == 100);
  CHECK(other == 10);
}

TEST_CASE("threads shorter than a period are thinned as they should",
          "[profiling_sample_thinning]") {
  sample_thinning thinning(10'000, 1);
  std::uint64_t count = 0;
  for (pid_t tid = 1; tid <= 100'000; ++tid) count += thinning.count(tid, 2'500);
  // A quarter of them, and five standard deviations; also beyond max_threads.
  CHECK(count > 25'000 - 690);
  CHECK(count < 25'000 + 690);
}
