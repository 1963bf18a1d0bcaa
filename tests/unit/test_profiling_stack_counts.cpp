// SPDX-License-Identifier: MIT
#include <algorithm>
#include <barrier>
#include <cstdint>
#include <map>
#include <numeric>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "metrics/allocator.hpp"
#include "profiling/stack_counts.hpp"

using taskworker::profiling::stack;
using taskworker::profiling::stack_counts;

namespace {

using frame_list = std::vector<std::uintptr_t>;
using totals = std::pair<std::uint64_t, std::uint64_t>;  // events, amount

stack make_stack(const frame_list &frames) {
  stack made;
  made.depth = static_cast<std::uint32_t>(frames.size());
  std::copy(frames.begin(), frames.end(), made.frames.begin());
  return made;
}

std::map<frame_list, totals> read_all(const stack_counts &counts) {
  std::map<frame_list, totals> all;
  counts.read([&](auto frames, std::uint64_t events, std::uint64_t amount) {
    const frame_list key(frames.begin(), frames.end());
    CHECK(all.find(key) == all.end());
    all[key] = {events, amount};
  });
  return all;
}

// Like the frames of one program: near one another, and callers that many have in common.
stack make_stack(std::uintptr_t which) {
  return make_stack({0x5555'0000'1000 + which * 16, 0x5555'0000'0042, 0x7fff'f700'0001});
}

totals sum_of(const std::map<frame_list, totals> &all) {
  return std::accumulate(all.begin(), all.end(), totals{}, [](totals sum, const auto &each) {
    return totals{sum.first + each.second.first, sum.second + each.second.second};
  });
}

}  // namespace

TEST_CASE("events are counted by their stack", "[profiling_stack_counts]") {
  static constinit stack_counts counts;
  counts.add(make_stack({1, 2, 3}), 1, 100);
  counts.add(make_stack({1, 2, 4}), 2, 7);
  counts.add(make_stack({1, 2, 3}), 1, 50);
  counts.add(make_stack({1, 2}), 5, 0);
  const std::map<frame_list, totals> expected{
      {{1, 2}, {5, 0}}, {{1, 2, 3}, {2, 150}}, {{1, 2, 4}, {2, 7}}};
  CHECK(read_all(counts) == expected);
}

TEST_CASE("the order of frames tells stacks apart", "[profiling_stack_counts]") {
  static constinit stack_counts counts;
  counts.add(make_stack({1, 2, 3}), 1, 0);
  counts.add(make_stack({3, 2, 1}), 1, 0);
  CHECK(read_all(counts).size() == 2);
}

TEST_CASE("frames beyond the depth do not matter", "[profiling_stack_counts]") {
  static constinit stack_counts counts;
  stack where = make_stack({1, 2, 3});
  where.depth = 2;
  counts.add(where, 1, 0);
  where.frames[2] = 99;
  counts.add(where, 1, 0);
  CHECK(read_all(counts) == std::map<frame_list, totals>{{{1, 2}, {2, 0}}});
}

TEST_CASE("the deepest stack is kept whole", "[profiling_stack_counts]") {
  static constinit stack_counts counts;
  frame_list frames(stack::max_depth);
  std::iota(frames.begin(), frames.end(), 0x1000);
  counts.add(make_stack(frames), 1, 0);
  CHECK(read_all(counts) == std::map<frame_list, totals>{{frames, {1, 0}}});
}

TEST_CASE("a stack without frames counts among the others", "[profiling_stack_counts]") {
  static constinit stack_counts counts;
  counts.add(stack{}, 1, 2);
  CHECK(read_all(counts) == std::map<frame_list, totals>{{{}, {1, 2}}});
}

TEST_CASE("half of the table is filled without loss", "[profiling_stack_counts]") {
  static constinit stack_counts counts;
  for (std::uintptr_t i = 0; i < stack_counts::capacity / 2; ++i) counts.add(make_stack(i), 1, i);
  const auto all = read_all(counts);
  CHECK(all.size() == stack_counts::capacity / 2);
  CHECK(all.find({}) == all.end());
}

TEST_CASE("what finds no place is counted together", "[profiling_stack_counts]") {
  static constinit stack_counts counts;
  constexpr std::uintptr_t stacks = 3 * stack_counts::capacity;
  for (std::uintptr_t i = 0; i < stacks; ++i) counts.add(make_stack(i), 2, 3);
  const auto all = read_all(counts);
  CHECK(sum_of(all) == totals{2 * stacks, 3 * stacks});
  CHECK(all.size() <= stack_counts::capacity + 1);
  // A look for a free place is short, so a few of the last stay unused.
  CHECK(all.size() > stack_counts::capacity * 9 / 10);
  CHECK(all.at({}).first >= 2 * (stacks - stack_counts::capacity));
}

TEST_CASE("a stack that has a place keeps it when the table is full", "[profiling_stack_counts]") {
  static constinit stack_counts counts;
  counts.add(make_stack(0), 1, 0);
  for (std::uintptr_t i = 1; i < 2 * stack_counts::capacity; ++i) counts.add(make_stack(i), 1, 0);
  const auto others = read_all(counts).at({});
  counts.add(make_stack(0), 1, 0);
  CHECK(read_all(counts).at({}) == others);
}

TEST_CASE("threads that count at once lose nothing", "[profiling_stack_counts]") {
  static constinit stack_counts counts;
  constexpr int rounds = 50;
  constexpr std::uintptr_t stacks = 1000;
  std::barrier start(4);  // so that they race for the places
  const auto count = [&start] {
    start.arrive_and_wait();
    for (int round = 0; round < rounds; ++round) {
      for (std::uintptr_t i = 0; i < stacks; ++i) counts.add(make_stack(i), 1, i);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(count);
  // Read meanwhile: whatever is there is whole.
  for (int i = 0; i < 50; ++i) {
    for (const auto &[frames, seen] : read_all(counts)) {
      REQUIRE(frames.size() == 3);
      REQUIRE(frames[1] == 0x5555'0000'0042);
    }
  }
  for (auto &thread : threads) thread.join();
  const auto all = read_all(counts);
  CHECK(all.size() == stacks);
  for (const auto &[frames, seen] : all) CHECK(seen.first == 4 * rounds);
}

TEST_CASE("counting allocates nothing", "[profiling_stack_counts]") {
  static constinit stack_counts counts;
  const stack where = make_stack({4, 5, 6});
  const auto before = taskworker::metrics::thread_allocated_bytes();
  counts.add(where, 1, 1);
  CHECK(taskworker::metrics::thread_allocated_bytes() == before);
}
