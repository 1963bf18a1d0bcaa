// SPDX-License-Identifier: MIT
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "profiling/cpu/sample_ring.hpp"

using taskworker::profiling::sample_ring;
using taskworker::profiling::stack_sample;

namespace {

bool put(sample_ring &ring, pid_t tid, std::uint64_t number = 0) {
  sample_ring::entry *const kept = ring.claim();
  if (kept == nullptr) return false;
  kept->sample().tid = tid;
  kept->sample().taken_ns = number;
  ring.publish(*kept);
  return true;
}

std::vector<pid_t> take_tids(sample_ring &ring) {
  std::vector<pid_t> tids;
  ring.take([&tids](const stack_sample &sample) { tids.push_back(sample.tid); });
  return tids;
}

}  // namespace

TEST_CASE("samples come out once, in their order", "[profiling_sample_ring]") {
  const auto ring = std::make_unique<sample_ring>();
  CHECK(take_tids(*ring).empty());
  for (pid_t tid = 1; tid <= 3; ++tid) CHECK(put(*ring, tid));
  CHECK(take_tids(*ring) == std::vector<pid_t>{1, 2, 3});
  CHECK(take_tids(*ring).empty());
}

TEST_CASE("a full ring refuses samples until some are taken", "[profiling_sample_ring]") {
  const auto ring = std::make_unique<sample_ring>();
  for (int lap = 0; lap < 3; ++lap) {
    for (std::size_t i = 0; i < sample_ring::capacity; ++i) REQUIRE(put(*ring, 1));
    CHECK_FALSE(put(*ring, 2));
    CHECK(take_tids(*ring) == std::vector<pid_t>(sample_ring::capacity, 1));
  }
}

TEST_CASE("a sample is as new, whatever was in its place", "[profiling_sample_ring]") {
  const auto ring = std::make_unique<sample_ring>();
  for (std::size_t i = 0; i < sample_ring::capacity; ++i) {
    sample_ring::entry *const kept = ring->claim();
    REQUIRE(kept != nullptr);
    kept->sample().depth = 7;
    kept->sample().is_cut = true;
    ring->publish(*kept);
  }
  (void)take_tids(*ring);
  sample_ring::entry *const again = ring->claim();
  REQUIRE(again != nullptr);
  CHECK(again->sample().depth == 0);
  CHECK_FALSE(again->sample().is_cut);
}

TEST_CASE("what is still being filled holds back what comes after it", "[profiling_sample_ring]") {
  const auto ring = std::make_unique<sample_ring>();
  CHECK(put(*ring, 1));
  sample_ring::entry *const slow = ring->claim();
  REQUIRE(slow != nullptr);
  slow->sample().tid = 2;
  CHECK(put(*ring, 3));
  CHECK(take_tids(*ring) == std::vector<pid_t>{1});
  ring->publish(*slow);
  CHECK(take_tids(*ring) == std::vector<pid_t>{2, 3});
}

TEST_CASE("threads that put at once lose nothing", "[profiling_sample_ring]") {
  const auto ring = std::make_unique<sample_ring>();
  constexpr int writers = 4;
  constexpr std::uint64_t each = 20'000;
  std::vector<std::thread> threads;
  for (pid_t tid = 0; tid < writers; ++tid) {
    threads.emplace_back([&ring, tid] {
      for (std::uint64_t number = 1; number <= each; ++number) {
        while (!put(*ring, tid, number)) std::this_thread::yield();
      }
    });
  }
  std::vector<std::uint64_t> last(writers, 0);
  bool is_in_order = true;
  for (std::uint64_t taken = 0; taken < writers * each;) {
    ring->take([&](const stack_sample &sample) {
      auto &number = last[static_cast<std::size_t>(sample.tid)];
      is_in_order = is_in_order && sample.taken_ns == number + 1;
      number = sample.taken_ns;
      ++taken;
    });
    std::this_thread::yield();
  }
  for (auto &thread : threads) thread.join();
  CHECK(is_in_order);
  CHECK(last == std::vector<std::uint64_t>(writers, each));
}
