// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "profiling/cpu/cpu_profiler.hpp"
#include "profiling/cpu/sampler.hpp"
#include "profiling/cpu/thread_timers.hpp"
#include "profiling/running_task.hpp"
#include "profiling/synthetic_frame.hpp"
#include "profiling/threads/threads.hpp"
#include "unit/burn_cpu.hpp"

using namespace taskworker::profiling;
using namespace std::chrono_literals;
using Catch::Matchers::StartsWith;
using std::chrono::nanoseconds;

namespace {

sample_labels labels() { return {"mine", {"read", "write"}}; }

constexpr cpu_profiler::settings without_history{.keeps_history = false};

nanoseconds cpu_time(const profile &of) {
  std::int64_t sum = 0;
  for (const auto &each : of.samples) sum += each.values.back();
  return nanoseconds(sum);
}

double seconds(nanoseconds time) { return std::chrono::duration<double>(time).count(); }

// So much CPU time on two threads at once.
void burn_on_two(nanoseconds time) {
  std::thread other([time] { burn_cpu(time / 2); });
  burn_cpu(time / 2);
  other.join();
}

// A thread that starts meanwhile is seen from its start, or from the next look for threads on
// in builds where pthread_create is not ours.
bool is_time(nanoseconds seen, nanoseconds used, nanoseconds tolerance) {
  const nanoseconds unseen = threads_are_recorded() ? 0ms : 400ms;
  return seen <= used + tolerance && seen + unseen >= used - tolerance;
}

bool has_root(const profile_sample &sample, synthetic_frame root) {
  return !sample.frames.empty() && sample.frames.back() == address_of(root);
}

}  // namespace

TEST_CASE("a profile holds the CPU time of the process", "[profiling_cpu_profiler]") {
  cpu_profiler profiler(labels(), without_history);
  const auto hz = GENERATE(100U, 250U, 1000U);
  const auto cpu_before = read_cpu_clock(CLOCK_PROCESS_CPUTIME_ID);
  const auto began = std::chrono::steady_clock::now();
  auto window = profiler.open(hz);
  burn_on_two(2s);
  const profile result = window.finish();
  const auto used = read_cpu_clock(CLOCK_PROCESS_CPUTIME_ID) - cpu_before;
  const auto passed = std::chrono::steady_clock::now() - began;

  CHECK(is_time(cpu_time(result), used, 60ms));  // 3 %
  CHECK(result.period == 1'000'000'000 / hz);
  CHECK(nanoseconds(result.duration_ns) <= passed);
  CHECK(seconds(nanoseconds(result.duration_ns)) == Approx(seconds(passed)).epsilon(0.2));
  for (const auto &each : result.samples) {
    CHECK(each.values.front() * result.period == each.values.back());
  }
}

TEST_CASE("windows of different rates at once agree", "[profiling_cpu_profiler]") {
  cpu_profiler profiler(labels());
  auto slow = profiler.open(50);
  burn_cpu(100ms);
  auto fast = profiler.open(250);
  auto slow_beside = profiler.open(50);
  burn_on_two(2s);
  const profile by_fast = fast.finish();
  const profile by_slow_beside = slow_beside.finish();
  const profile by_slow = slow.finish();
  CHECK(is_time(cpu_time(by_fast), 2s, 60ms));
  CHECK(seconds(cpu_time(by_slow_beside)) == Approx(seconds(cpu_time(by_fast))).margin(0.06));
  CHECK(is_time(cpu_time(by_slow), 2100ms, 100ms));
  CHECK(by_slow.period == 20'000'000);
}

TEST_CASE("a profile has what was used up to its end", "[profiling_cpu_profiler]") {
  cpu_profiler profiler(labels(), without_history);
  nanoseconds seen{};
  const auto before = read_cpu_clock(CLOCK_PROCESS_CPUTIME_ID);
  for (int i = 0; i < 20; ++i) {
    auto window = profiler.open(250);
    burn_cpu(16ms);  // shorter than between two looks of the profiler
    seen += cpu_time(window.finish());
  }
  const auto used = read_cpu_clock(CLOCK_PROCESS_CPUTIME_ID) - before;
  CHECK(is_time(seen, used, used / 4));
}

TEST_CASE("samples carry their labels", "[profiling_cpu_profiler]") {
  cpu_profiler profiler(labels(), without_history);
  running_task_slot slot(3);
  auto window = profiler.open(250);
  std::thread worker([&slot] {
    set_running_task(&slot);
    slot.begin(1, 1);
    burn_cpu(600ms);
    slot.end();
  });
  worker.join();
  const profile result = window.finish();
  REQUIRE_FALSE(result.samples.empty());
  nanoseconds in_task{};
  for (const auto &each : result.samples) {
    REQUIRE(each.labels.size() == 4);
    CHECK(each.labels[1] == label{"strategy", "mine"});
    if (each.labels[3] != label{"worker", "3"}) continue;
    if (each.labels[0] == label{"operation", "write"}) in_task += nanoseconds(each.values[1]);
  }
  CHECK(is_time(in_task, 600ms, 30ms));
}

TEST_CASE("ticks that came late stand under a root that says so", "[profiling_cpu_profiler]") {
  cpu_profiler profiler(labels(), without_history);
  const auto before = read_sampler_figures().overruns;
  auto window = profiler.open(1000);
  burn_cpu(300ms);
  const profile result = window.finish();
  const auto late = read_sampler_figures().overruns - before;
  std::int64_t shown = 0;
  for (const auto &each : result.samples) {
    if (has_root(each, synthetic_frame::timer_overrun)) shown += each.values[0];
  }
  // None is late where the kernel's clock ticks at 1 kHz. What comes while the window opens
  // and closes is in one of the two figures only.
  CHECK(std::abs(shown - static_cast<std::int64_t>(late)) <= 20);
}

#ifndef TASKWORKER_IS_SANITIZED  // handlers run later, on frames of the sanitizer
TEST_CASE("stacks are read to where threads begin", "[profiling_cpu_profiler]") {
  cpu_profiler profiler(labels(), without_history);
  auto window = profiler.open(250);
  burn_on_two(400ms);
  const profile result = window.finish();
  CHECK(profiler.failed_unwinds() == 0);
  for (const auto &each : result.samples) {
    CHECK_FALSE(has_root(each, synthetic_frame::unwind_failed));
  }
}
#endif

TEST_CASE("timers run at the highest rate that is asked, and not without need",
          "[profiling_cpu_profiler]") {
  cpu_profiler profiler(labels(), without_history);
  CHECK(thread_timers::period() == 0);
  auto slow = profiler.open(10);
  CHECK(thread_timers::period() == 100'000'000);
  {
    const auto unread = profiler.open(200);
    CHECK(thread_timers::period() == 5'000'000);
  }
  auto faster = profiler.open(20);
  CHECK(thread_timers::period() == 50'000'000);
  slow = profiler.open(40);  // ends the one before
  CHECK(thread_timers::period() == 25'000'000);
}

TEST_CASE("no timer is left behind", "[profiling_cpu_profiler]") {
  {
    cpu_profiler profiler(labels());
    auto window = profiler.open(100);
    CHECK(read_sampler_figures().threads >= 2);
  }
  CHECK(read_sampler_figures().threads == 0);
  CHECK(thread_timers::period() == 0);
}

TEST_CASE("the time just gone is there without asking before", "[profiling_cpu_profiler]") {
  cpu_profiler profiler(labels());
  const auto began = std::chrono::steady_clock::now();
  burn_on_two(2s);
  const profile all = profiler.last(60s);
  const auto passed = std::chrono::steady_clock::now() - began;
  CHECK(is_time(cpu_time(all), 2s, 150ms));
  CHECK(all.period == 50'000'000);
  CHECK(nanoseconds(all.duration_ns) <= passed + 1s);
  CHECK(nanoseconds(all.duration_ns) >= 1s);

  const profile some = profiler.last(500ms);
  CHECK(some.duration_ns == 500'000'000);
  CHECK(cpu_time(some) < cpu_time(all));
  CHECK(cpu_time(profiler.last(0s)) <= 50ms);
}

TEST_CASE("a profile tells how it was made", "[profiling_cpu_profiler]") {
  cpu_profiler profiler(labels());
  auto window = profiler.open(100);
  burn_cpu(50ms);
  const profile result = window.finish();
  REQUIRE(result.comments.size() >= 4);
  CHECK_THAT(result.comments[0], StartsWith("rate: 100 samples"));
  CHECK_THAT(result.comments[1], StartsWith("sampling at all rates (in this time): samples "));
  CHECK_THAT(profiler.last(1s).comments[0], StartsWith("rate: 20 samples"));
  CHECK(profiler.own_cpu_ns() > 0);
  CHECK(profiler.own_cpu_ns() < 1'000'000'000);
}

TEST_CASE("readers come and go at once", "[profiling_cpu_profiler]") {
  cpu_profiler profiler(labels());
  std::vector<std::thread> readers;
  for (unsigned reader = 0; reader < 4; ++reader) {
    readers.emplace_back([&profiler, reader] {
      for (unsigned i = 1; i <= 20; ++i) {
        auto window = profiler.open(10 * i + reader);
        burn_cpu(2ms);
        if (i % 3 == 0) continue;
        (void)window.finish();
        (void)profiler.last(1s);
      }
    });
  }
  for (auto &each : readers) each.join();
  auto window = profiler.open(250);
  burn_cpu(200ms);
  CHECK(seconds(cpu_time(window.finish())) == Approx(0.2).margin(0.03));
}
