// SPDX-License-Identifier: MIT
#include <thread>

#include "catch.hpp"
#include "worker/task_queue.hpp"

using taskworker::worker::task_queue;
using taskworker::worker::task_slot;

namespace {

std::size_t put(task_queue &queue, std::uint64_t first_id, std::size_t wanted) {
  auto slots = queue.free_slots(wanted);
  for (std::size_t i = 0; i < slots.size(); ++i) slots[i].task.id = first_id + i;
  queue.publish(slots.size());
  return slots.size();
}

}  // namespace

TEST_CASE("a queue holds exactly its capacity, also where that is no power of two",
          "[worker_task_queue]") {
  for (const std::size_t capacity : {1u, 2u, 3u, 5u, 64u, 100u}) {
    task_queue queue(capacity);
    std::size_t held = 0;
    while (const std::size_t more = put(queue, held, 7)) held += more;
    CHECK(held == capacity);
    CHECK(queue.size() == capacity);
    CHECK(queue.free_slots(1).empty());
  }
}

TEST_CASE("a slot is free again once its task was popped", "[worker_task_queue]") {
  task_queue queue(1);
  REQUIRE(put(queue, 1, 8) == 1);
  REQUIRE(queue.waiting(8).size() == 1);
  CHECK(queue.free_slots(1).empty());  // not while the task is being processed
  queue.pop();
  CHECK(queue.free_slots(1).size() == 1);
  CHECK(queue.waiting(8).empty());
}

TEST_CASE("tasks come out in order, across the end of the ring", "[worker_task_queue]") {
  task_queue queue(6);
  std::uint64_t put_id = 0;
  std::uint64_t expected = 0;
  while (expected < 1000) {
    put_id += put(queue, put_id, 4);
    for (const task_slot &slot : queue.waiting(3)) {
      REQUIRE(slot.task.id == expected++);
      queue.pop();
    }
  }
}

TEST_CASE("a slot keeps its buffer from task to task", "[worker_task_queue]") {
  task_queue queue(1);
  queue.free_slots(1)[0].buffer.reserve(1000);
  void *const memory = queue.free_slots(1)[0].buffer.data();
  put(queue, 0, 1);
  REQUIRE(queue.waiting(1).size() == 1);
  queue.pop();
  CHECK(queue.free_slots(1)[0].buffer.data() == memory);
}

TEST_CASE("two threads see every task once and in order", "[worker_task_queue]") {
  constexpr std::uint64_t count = 200'000;
  task_queue queue(17);
  std::thread producer([&] {
    std::uint64_t next = 0;
    while (next < count) {
      const std::size_t more = put(queue, next, std::min<std::uint64_t>(5, count - next));
      if (more == 0) std::this_thread::yield();
      next += more;
    }
  });
  std::uint64_t expected = 0;
  bool in_order = true;
  while (expected < count) {
    const auto batch = queue.waiting(8);
    if (batch.empty()) std::this_thread::yield();
    for (const task_slot &slot : batch) {
      in_order = in_order && slot.task.id == expected;
      ++expected;
      queue.pop();
    }
  }
  producer.join();
  CHECK(in_order);
  CHECK(queue.size() == 0);
}
