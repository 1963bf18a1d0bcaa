// SPDX-License-Identifier: MIT
#include <sys/types.h>

#include <cstdint>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "profiling/threads/wall_account.hpp"

using taskworker::profiling::label;
using taskworker::profiling::profile;
using taskworker::profiling::value_type;
using taskworker::profiling::wall_account;
using taskworker::profiling::wall_sight;

namespace {

using tid_list = std::vector<pid_t>;
using figures = std::pair<std::int64_t, std::int64_t>;  // looks, time

constexpr std::uint64_t begin = 1'000;

wall_sight at(std::uintptr_t frame, const std::string &thread = "t") {
  return {{frame}, {{"thread", thread}}};
}

std::map<std::uintptr_t, figures> by_frame(const profile &seen) {
  std::map<std::uintptr_t, figures> lines;
  for (const auto &each : seen.samples) lines[each.frames[0]] = {each.values[0], each.values[1]};
  return lines;
}

}  // namespace

TEST_CASE("a wall-clock profile has the types that readers know", "[profiling_wall_account]") {
  const profile seen = wall_account(begin).take(begin + 50);
  CHECK(seen.sample_types ==
        std::vector<value_type>{{"samples", "count"}, {"time", "nanoseconds"}});
  CHECK(seen.period_type == value_type{"wallclock", "nanoseconds"});
  CHECK(seen.duration_ns == 50);
  CHECK(seen.samples.empty());
  CHECK(seen.comments.empty());
}

TEST_CASE("a look stands for the time since the one before, the last for the rest",
          "[profiling_wall_account]") {
  wall_account account(begin);
  account.list(tid_list{1}, begin + 2);
  account.see(1, at(10), begin + 10);
  account.see(1, at(20), begin + 40);
  account.see(1, at(10), begin + 45);
  const std::map<std::uintptr_t, figures> expected{{10, {2, 10 + 5 + 55}}, {20, {1, 30}}};
  CHECK(by_frame(account.take(begin + 100)) == expected);
}

TEST_CASE("every thread adds up to the window, however seldom it is seen",
          "[profiling_wall_account]") {
  wall_account account(begin);
  tid_list tids(100);
  std::iota(tids.begin(), tids.end(), 1);
  account.list(tids, begin);
  std::uint64_t now = begin;
  for (int tick = 0; tick < 70; ++tick) {
    now += 20;
    for (const pid_t tid : account.next(16)) account.see(tid, at(7, std::to_string(tid)), now);
  }
  const profile seen = account.take(now + 3);
  REQUIRE(seen.samples.size() == tids.size());
  for (const auto &each : seen.samples) {
    CHECK(each.values[1] == seen.duration_ns);
    CHECK(each.values[0] == Approx(70 * 16 / 100).margin(2));
  }
}

TEST_CASE("turns go round", "[profiling_wall_account]") {
  wall_account account(begin);
  account.list(tid_list{5, 1, 3}, begin);
  CHECK(account.next(2) == tid_list{1, 3});
  CHECK(account.next(16) == tid_list{1, 3, 5});
  account.see(1, at(10), begin + 1);
  account.see(3, at(10), begin + 1);
  CHECK(account.next(2) == tid_list{5, 1});
  account.see(5, at(10), begin + 2);
  CHECK(account.next(1) == tid_list{1});
  CHECK(account.next(0).empty());
}

TEST_CASE("a thread that comes later counts from then on", "[profiling_wall_account]") {
  wall_account account(begin);
  account.list(tid_list{1}, begin);
  account.list(tid_list{1, 2}, begin + 60);
  account.see(1, at(10), begin + 80);
  account.see(2, at(20), begin + 80);
  const std::map<std::uintptr_t, figures> expected{{10, {1, 100}}, {20, {1, 40}}};
  CHECK(by_frame(account.take(begin + 100)) == expected);
}

TEST_CASE("a thread that ends counts until it was last listed", "[profiling_wall_account]") {
  wall_account account(begin);
  account.list(tid_list{1, 2, 3}, begin);
  account.see(1, at(10), begin + 10);
  account.see(2, at(20), begin + 10);
  account.list(tid_list{1, 2}, begin + 50);  // 3 was never seen
  account.list(tid_list{1}, begin + 70);
  account.miss(1);
  account.list({}, begin + 90);
  const std::map<std::uintptr_t, figures> expected{{10, {1, 70}}, {20, {1, 50}}};
  CHECK(by_frame(account.take(begin + 100)) == expected);
}

TEST_CASE("time that was counted is not counted again when a thread ends",
          "[profiling_wall_account]") {
  wall_account account(begin);
  account.list(tid_list{1}, begin);
  account.see(1, at(10), begin + 30);  // after the only list it was in
  account.list({}, begin + 90);
  CHECK(by_frame(account.take(begin + 100)) == std::map<std::uintptr_t, figures>{{10, {1, 30}}});
}

TEST_CASE("who was not looked at is known until they are", "[profiling_wall_account]") {
  wall_account account(begin);
  account.list(tid_list{1, 2, 3}, begin);
  account.see(2, at(10), begin + 1);
  CHECK(account.unseen() == tid_list{1, 3});
  account.miss(3);
  account.see(1, at(10), begin + 2);
  CHECK(account.unseen().empty());
}

TEST_CASE("threads in no list are ignored", "[profiling_wall_account]") {
  wall_account account(begin);
  account.list(tid_list{1}, begin);
  account.see(2, at(10), begin + 1);
  account.miss(2);
  CHECK(account.take(begin + 5).samples.empty());
}

TEST_CASE("labels tell threads at one place apart", "[profiling_wall_account]") {
  wall_account account(begin);
  account.list(tid_list{1, 2, 3}, begin);
  account.see(1, at(10, "a"), begin + 1);
  account.see(2, at(10, "b"), begin + 1);
  account.see(3, at(10, "b"), begin + 1);
  const profile seen = account.take(begin + 100);
  REQUIRE(seen.samples.size() == 2);
  CHECK(seen.samples[0].labels == std::vector<label>{{"thread", "b"}});
  CHECK(seen.samples[0].values == std::vector<std::int64_t>{2, 200});
  CHECK(seen.samples[1].values == std::vector<std::int64_t>{1, 100});
}

TEST_CASE("a profile tells how often a thread was looked at", "[profiling_wall_account]") {
  constexpr std::uint64_t millisecond = 1'000'000;
  wall_account account(0);
  account.list(tid_list{1, 2}, 0);
  for (std::uint64_t look = 1; look <= 4; ++look) {
    account.see(1, at(10), look * 25 * millisecond);
    account.see(2, at(10), look * 25 * millisecond);
  }
  CHECK(account.take(100 * millisecond).comments ==
        std::vector<std::string>{"a thread was looked at every 25 ms on average"});
}
