// SPDX-License-Identifier: MIT
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "profiling/contention/waited_locks.hpp"

using taskworker::profiling::waited_locks;

namespace {

// A table of its own for each case: it is too large for a stack.
std::unique_ptr<waited_locks> make_table() { return std::make_unique<waited_locks>(); }

}  // namespace

TEST_CASE("the time until a release is the releaser's, the rest is handing over",
          "[profiling_waited_locks]") {
  const auto table = make_table();
  const int lock = 0;
  const auto waiter = table->begin(&lock, 100);
  CHECK(table->is_waited_for(&lock));
  CHECK(table->release(&lock, 150) == 50);
  CHECK(table->end(waiter, 157, true) == 57);
  CHECK(table->read_totals().handovers == 1);
  CHECK(table->read_totals().handover_ns == 7);
  CHECK_FALSE(table->is_waited_for(&lock));
}

TEST_CASE("a release is charged with all who wait, the next one with what came since",
          "[profiling_waited_locks]") {
  const auto table = make_table();
  const int lock = 0;
  const auto first = table->begin(&lock, 100);
  const auto second = table->begin(&lock, 110);
  CHECK(table->release(&lock, 120) == 20 + 10);
  CHECK(table->end(first, 125, true) == 25);
  CHECK(table->release(&lock, 140) == 20);  // the second one's, since 120
  CHECK(table->end(second, 141, true) == 31);
  CHECK(table->read_totals().handover_ns == 5 + 1);
}

TEST_CASE("a waiter that gave up is the next release's", "[profiling_waited_locks]") {
  const auto table = make_table();
  const int lock = 0;
  CHECK(table->end(table->begin(&lock, 100), 130, false) == 30);
  CHECK(table->is_waited_for(&lock));
  CHECK(table->release(&lock, 500) == 30);
  CHECK_FALSE(table->is_waited_for(&lock));
  CHECK(table->release(&lock, 600) == 0);
  CHECK(table->read_totals().handover_ns == 0);
}

TEST_CASE("a wait whose release was not told counts as handing over", "[profiling_waited_locks]") {
  const auto table = make_table();
  const int lock = 0;
  CHECK(table->end(table->begin(&lock, 100), 130, true) == 30);
  CHECK_FALSE(table->is_waited_for(&lock));
  CHECK(table->read_totals().handover_ns == 30);
}

TEST_CASE("a clock that is a little behind another thread's takes nothing away",
          "[profiling_waited_locks]") {
  const auto table = make_table();
  const int lock = 0;
  const auto first = table->begin(&lock, 100);
  const auto second = table->begin(&lock, 98);
  CHECK(table->release(&lock, 99) == 0);
  CHECK(table->release(&lock, 110) == 20);
  CHECK(table->end(first, 105, true) == 10);
  CHECK(table->end(second, 112, true) == 12);
  CHECK(table->read_totals().handover_ns == 2);
}

TEST_CASE("of two locks on one place the second is not followed", "[profiling_waited_locks]") {
  const auto table = make_table();
  // More locks than places: some must meet.
  const std::vector<int> locks(waited_locks::capacity + 1);
  std::vector<waited_locks::wait> waits;
  for (const int &lock : locks) waits.push_back(table->begin(&lock, 100));
  const auto unfollowed = table->read_totals().unfollowed;
  CHECK(unfollowed > 0);

  std::uint64_t charged = 0;
  for (const int &lock : locks) charged += table->release(&lock, 110);
  CHECK(charged == 10 * (locks.size() - unfollowed));
  for (const auto &wait : waits) CHECK(table->end(wait, 115, true) == 15);
  CHECK(table->read_totals().handovers == locks.size() - unfollowed);
}

TEST_CASE("a place that is free again serves another lock", "[profiling_waited_locks]") {
  const auto table = make_table();
  const std::vector<int> locks(waited_locks::capacity * 4);
  std::uint64_t now = 0;
  for (const int &lock : locks) {
    const auto wait = table->begin(&lock, now);
    now += 10;
    CHECK(table->release(&lock, now) == 10);
    CHECK(table->end(wait, now, true) == 10);
  }
  CHECK(table->read_totals().unfollowed == 0);
}

TEST_CASE("time that nobody will be charged with makes way for another lock",
          "[profiling_waited_locks]") {
  const auto table = make_table();
  const std::vector<int> locks(waited_locks::capacity * 4);
  std::uint64_t now = 0;
  for (const int &lock : locks) {
    const auto wait = table->begin(&lock, now);
    CHECK(table->end(wait, ++now, false) == 1);
  }
  CHECK(table->read_totals().unfollowed == 0);
  std::uint64_t charged = table->read_totals().handover_ns;
  CHECK(charged > 0);
  for (const int &lock : locks) charged += table->release(&lock, now);
  CHECK(charged == locks.size());
}

TEST_CASE("after a fork nobody waits", "[profiling_waited_locks]") {
  const auto table = make_table();
  const int lock = 0;
  (void)table->begin(&lock, 100);
  table->forget_waits();
  CHECK_FALSE(table->is_waited_for(&lock));
  const auto wait = table->begin(&lock, 1'000);
  CHECK(table->release(&lock, 1'010) == 10);
  CHECK(table->end(wait, 1'010, true) == 10);
}

TEST_CASE("every nanosecond that threads wait is charged once", "[profiling_waited_locks]") {
  const auto table = make_table();
  const auto now = [] {
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  };
  std::mutex lock;
  std::atomic<std::uint64_t> waited{0};
  std::atomic<std::uint64_t> charged{0};
  const auto run = [&] {
    for (int i = 0; i < 20'000; ++i) {
      const auto wait = table->begin(&lock, now());
      lock.lock();
      waited += table->end(wait, now(), true);
      charged += table->release(&lock, now());
      lock.unlock();
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(run);
  for (auto &thread : threads) thread.join();

  const auto totals = table->read_totals();
  CHECK_FALSE(table->is_waited_for(&lock));
  CHECK(totals.handovers + totals.unfollowed == 80'000);
  if (totals.unfollowed == 0) CHECK(charged + totals.handover_ns == waited);
}
