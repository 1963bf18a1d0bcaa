// SPDX-License-Identifier: MIT
#include <csignal>
#include <cstdint>
#include <thread>

#include "catch.hpp"
#include "metrics/allocator.hpp"
#include "profiling/running_task.hpp"

using namespace taskworker::profiling;

namespace {

// Makes the thread a worker for as long as it lives.
class scoped_slot {
 public:
  explicit scoped_slot(const running_task_slot &slot) { set_running_task(&slot); }
  ~scoped_slot() { set_running_task(nullptr); }
  scoped_slot(const scoped_slot &) = delete;
  scoped_slot &operator=(const scoped_slot &) = delete;
};

task_mark mark_in_handler;

}  // namespace

TEST_CASE("a thread that is no worker has an empty mark", "[profiling_running_task]") {
  const task_mark mark = current_task_mark();
  CHECK(mark.worker == task_mark::none);
  CHECK_FALSE(mark.is_in_task());
}

TEST_CASE("a worker's mark follows its tasks", "[profiling_running_task]") {
  running_task_slot slot(7);
  const scoped_slot scope(slot);
  CHECK(current_task_mark().worker == 7);
  CHECK_FALSE(current_task_mark().is_in_task());

  slot.begin(0, 2);  // the first id is one too
  CHECK(current_task_mark().worker == 7);
  CHECK(current_task_mark().is_in_task());
  CHECK(current_task_mark().operation == 2);
  CHECK(current_task_mark().task == 0);

  slot.end();
  CHECK(current_task_mark().worker == 7);
  CHECK_FALSE(current_task_mark().is_in_task());

  slot.begin(41, 0);
  CHECK(current_task_mark().operation == 0);
  CHECK(current_task_mark().task == 41);
}

TEST_CASE("a mark is one thread's own", "[profiling_running_task]") {
  running_task_slot slot(1);
  const scoped_slot scope(slot);
  slot.begin(5, 0);
  task_mark other{.worker = 99};
  std::thread([&other] { other = current_task_mark(); }).join();
  CHECK(other.worker == task_mark::none);
}

TEST_CASE("a worker may stop being one", "[profiling_running_task]") {
  {
    running_task_slot slot(1);
    const scoped_slot scope(slot);
    slot.begin(5, 0);
  }
  CHECK(current_task_mark().worker == task_mark::none);
}

TEST_CASE("a slot shows its task to other threads", "[profiling_running_task]") {
  running_task_slot slot(3);
  CHECK(slot.id_plus_one() == 0);
  slot.begin(8, 1);
  std::uint64_t seen = 0;
  std::thread([&] { seen = slot.id_plus_one(); }).join();
  CHECK(seen == 9);
  CHECK(slot.worker() == 3);
  CHECK(slot.operation() == 1);
}

TEST_CASE("a signal handler reads the mark and allocates nothing", "[profiling_running_task]") {
  running_task_slot slot(4);
  const scoped_slot scope(slot);
  slot.begin(6, 1);
  struct sigaction previous = {};
  struct sigaction action = {};
  action.sa_handler = [](int) { mark_in_handler = current_task_mark(); };
  REQUIRE(sigaction(SIGUSR1, &action, &previous) == 0);
  const auto before = taskworker::metrics::thread_allocated_bytes();
  std::raise(SIGUSR1);
  const auto after = taskworker::metrics::thread_allocated_bytes();
  REQUIRE(sigaction(SIGUSR1, &previous, nullptr) == 0);
  CHECK(after == before);
  CHECK(mark_in_handler.worker == 4);
  CHECK(mark_in_handler.task == 6);
}
