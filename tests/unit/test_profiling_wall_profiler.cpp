// SPDX-License-Identifier: MIT
#include <poll.h>
#include <pthread.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <latch>
#include <list>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "profiling/synthetic_frame.hpp"
#include "profiling/threads/thread_stacks.hpp"
#include "profiling/threads/wall_profiler.hpp"
#include "unit/parked_thread.hpp"

using namespace taskworker::profiling;

namespace {

const sample_labels labels("strategy", {"first", "second"});

std::string value_of(const profile_sample &sample, const std::string &key) {
  const auto found = std::find_if(sample.labels.begin(), sample.labels.end(),
                                  [&](const auto &each) { return each.key == key; });
  return found != sample.labels.end() ? found->value : "";
}

std::map<std::string, std::int64_t> time_by_thread(const profile &seen) {
  std::map<std::string, std::int64_t> times;
  for (const auto &each : seen.samples) times[value_of(each, "thread")] += each.values.at(1);
  return times;
}

// Returns when it was interrupted so often.
void wait_for_looks(int count) {
  while (count > 0) {
    if (poll(nullptr, 0, -1) == -1 && errno == EINTR) --count;
  }
}

}  // namespace

TEST_CASE("each thread adds up to the whole window", "[profiling_wall_profiler]") {
  std::list<parked_thread> parked;
  for (unsigned i = 0; i < 3 * wall_profiler::threads_a_tick; ++i) {
    parked.emplace_back("parked " + std::to_string(i));
  }
  wall_profiler profiler(labels, 100);
  const profile seen = profiler.finish();
  const auto times = time_by_thread(seen);
  CHECK(seen.duration_ns > 0);
  CHECK(seen.time_ns > 1'600'000'000'000'000'000);  // in nanoseconds since 1970
  CHECK(seen.period == 10'000'000);
  for (unsigned i = 0; i < parked.size(); ++i) {
    CHECK(times.at("parked " + std::to_string(i)) == seen.duration_ns);
  }
}

TEST_CASE("threads are looked at again and again", "[profiling_wall_profiler]") {
  if (!signals_are_immediate) return;
  std::latch is_named{1};
  std::thread looked_at([&is_named] {
    pthread_setname_np(pthread_self(), "looked at");
    is_named.count_down();
    wait_for_looks(5);
  });
  is_named.wait();
  wall_profiler profiler(labels, wall_profiler::max_hz);
  looked_at.join();
  const profile seen = profiler.finish();
  std::int64_t looks = 0;
  for (const auto &each : seen.samples) {
    if (value_of(each, "thread") == "looked at") looks += each.values.at(0);
  }
  CHECK(looks >= 5);
  CHECK(time_by_thread(seen).at("looked at") <= seen.duration_ns);
  REQUIRE(seen.comments.size() == 1);
}

TEST_CASE("samples carry the labels of their thread's task", "[profiling_wall_profiler]") {
  const parked_thread parked("labelled");
  wall_profiler profiler(labels, wall_profiler::default_hz);
  const profile seen = profiler.finish();
  const auto found = std::find_if(seen.samples.begin(), seen.samples.end(), [](const auto &each) {
    return value_of(each, "thread") == "labelled";
  });
  REQUIRE(found != seen.samples.end());
  CHECK(value_of(*found, "strategy") == "strategy");
  CHECK(value_of(*found, "worker") == "3");
  CHECK(value_of(*found, "operation") == "second");
  const auto callers = parked.callers().addresses();
  if (signals_are_immediate) {
    REQUIRE(found->frames.size() > callers.size());
    CHECK(std::equal(callers.rbegin(), callers.rend(), found->frames.rbegin()));
  }
}

TEST_CASE("a thread that blocks signals counts under its own frame", "[profiling_wall_profiler]") {
  const parked_thread blocking("blocking", true);
  wall_profiler profiler(labels, wall_profiler::default_hz);
  const profile seen = profiler.finish();
  const auto found = std::find_if(seen.samples.begin(), seen.samples.end(), [](const auto &each) {
    return value_of(each, "thread") == "blocking";
  });
  REQUIRE(found != seen.samples.end());
  CHECK(found->frames == std::vector<std::uintptr_t>{address_of(synthetic_frame::no_answer)});
  CHECK(found->values.at(1) == seen.duration_ns);
}

TEST_CASE("the profiler's thread does not show itself, and goes", "[profiling_wall_profiler]") {
  const auto count = [] {
    const auto all = read_thread_stacks();
    return std::count_if(all.begin(), all.end(),
                         [](const auto &each) { return each.name == "tw-wall"; });
  };
  {
    wall_profiler profiler(labels, wall_profiler::default_hz);
    CHECK(time_by_thread(profiler.finish()).count("tw-wall") == 0);
    CHECK(count() == 0);
  }
  {
    const wall_profiler unread(labels, wall_profiler::default_hz);
  }
  CHECK(count() == 0);
}

TEST_CASE("several wall-clock profiles run at once", "[profiling_wall_profiler]") {
  const parked_thread parked("shared");
  wall_profiler first(labels, wall_profiler::max_hz);
  wall_profiler second(labels, 10);
  for (wall_profiler *each : {&first, &second}) {
    const profile seen = each->finish();
    CHECK(time_by_thread(seen).at("shared") == seen.duration_ns);
  }
}
