// SPDX-License-Identifier: MIT
#include <pthread.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "catch.hpp"
#include "profiling/synthetic_frame.hpp"
#include "profiling/threads/thread_starts.hpp"
#include "profiling/threads/threads.hpp"

using namespace taskworker::profiling;

namespace {

void *nothing(void *) { return nullptr; }

[[gnu::noinline]] void start_here() {
  pthread_t thread{};
  REQUIRE(pthread_create(&thread, nullptr, nothing, nullptr) == 0);
  REQUIRE(pthread_join(thread, nullptr) == 0);
}

// How many starts came by each stack, the most first.
std::vector<std::int64_t> counts_since(const profile &before) {
  std::vector<std::int64_t> counts;
  for (const auto &each : subtract(read_thread_starts(), before).samples) {
    counts.push_back(each.values.at(0));
  }
  return counts;
}

}  // namespace

TEST_CASE("starts are counted as Go counts them", "[profiling_thread_starts]") {
  const profile starts = read_thread_starts();
  CHECK(starts.sample_types == std::vector<value_type>{{"threadcreate", "count"}});
  CHECK(starts.period_type == value_type{"threadcreate", "count"});
  CHECK(starts.period == 1);
  CHECK(starts.duration_ns == 0);
  CHECK(starts.time_ns > 1'600'000'000'000'000'000);  // in nanoseconds since 1970
}

TEST_CASE("threads are counted by the stack that starts them, also when they have ended",
          "[profiling_thread_starts]") {
  const profile before = read_thread_starts();
  volatile int left =
      5;  // read each time: of other loops a compiler makes several places of the call
  while (left > 0) {
    start_here();
    left = left - 1;
  }
  start_here();
  const auto counts = counts_since(before);
  if (threads_are_recorded()) {
    CHECK(counts == std::vector<std::int64_t>{5, 1});
  } else {
    CHECK(counts.empty());
  }
}

TEST_CASE("a thread that could not be started is not counted", "[profiling_thread_starts]") {
  const profile before = read_thread_starts();
  pthread_attr_t attributes;
  REQUIRE(pthread_attr_init(&attributes) == 0);
  REQUIRE(pthread_attr_setstacksize(&attributes, std::size_t{1} << 60) == 0);
  pthread_t thread{};
  CHECK(pthread_create(&thread, &attributes, nothing, nullptr) != 0);
  pthread_attr_destroy(&attributes);
  CHECK(counts_since(before).empty());
}

TEST_CASE("a start whose stack is not known is counted too", "[profiling_thread_starts]") {
  const profile before = read_thread_starts();
  count_thread_start(stack{});
  const profile grown = subtract(read_thread_starts(), before);
  REQUIRE(grown.samples.size() == 1);
  CHECK(grown.samples[0].frames ==
        std::vector<std::uintptr_t>{address_of(synthetic_frame::table_full)});
  CHECK(grown.samples[0].values == std::vector<std::int64_t>{1});
}
