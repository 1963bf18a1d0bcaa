// SPDX-License-Identifier: MIT
#include <malloc.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "metrics/allocator.hpp"

using namespace taskworker::metrics;
using Catch::Matchers::StartsWith;

namespace {

bool is_counted() { return read_allocator().has_value(); }

// Hidden from the compiler, which may leave out a malloc whose memory nobody uses.
void *allocate(std::size_t bytes) {
  void *memory = std::malloc(bytes);
  asm volatile("" : "+r"(memory) : : "memory");
  return memory;
}

// In a thread of its own: a thread_arena keeps its thread for good.
template <typename Body>
void on_new_thread(Body body) {
  std::thread(body).join();
}

std::uint64_t count(const thread_arena &arena) {
  thread_arena::flush();
  return arena.allocations();
}

}  // namespace

TEST_CASE("the allocator says its name", "[metrics_allocator]") {
  if (is_counted()) {
    CHECK_THAT(allocator_name(), StartsWith("jemalloc 5."));
    CHECK(std::string(allocator_name()).size() < std::string("jemalloc 5.100.100").size());
  } else {
    CHECK(allocator_name() == std::string("system"));
  }
}

TEST_CASE("a build without jemalloc counts nothing", "[metrics_allocator]") {
  if (is_counted()) return;
  std::free(allocate(1000));
  CHECK(thread_allocated_bytes() == 0);
  const thread_arena arena;
  arena.enter();
  CHECK(count(arena) == 0);
}

TEST_CASE("a thread's bytes are exact", "[metrics_allocator]") {
  if (!is_counted()) return;
  const auto before = thread_allocated_bytes();
  void *const memory = allocate(1000);
  const auto after = thread_allocated_bytes();
  CHECK(after - before == malloc_usable_size(memory));
  std::free(memory);
  CHECK(thread_allocated_bytes() >= after);
}

TEST_CASE("bytes of other threads do not count as this one's", "[metrics_allocator]") {
  if (!is_counted()) return;
  std::uint64_t own = 0;
  std::thread other([&own] {
    std::free(allocate(1'000'000));
    own = thread_allocated_bytes();
  });
  const auto before = thread_allocated_bytes();
  other.join();
  CHECK(thread_allocated_bytes() == before);
  CHECK(own >= 1'000'000);
}

TEST_CASE("a thread's arena counts every allocation", "[metrics_allocator]") {
  if (!is_counted()) return;
  std::uint64_t counted = 0;
  on_new_thread([&] {
    const thread_arena arena;
    arena.enter();
    std::array<void *, 1000> memory{};
    const auto before = count(arena);
    for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = allocate(1 + i * i % 100'003);
    counted = count(arena) - before;
    for (void *each : memory) std::free(each);
  });
  CHECK(counted == 1000);
}

TEST_CASE("memory that is used again at once counts each time", "[metrics_allocator]") {
  if (!is_counted()) return;
  std::uint64_t counted = 0;
  on_new_thread([&] {
    const thread_arena arena;
    arena.enter();
    const auto before = count(arena);
    for (int i = 0; i < 1000; ++i) std::free(allocate(64));
    counted = count(arena) - before;
  });
  CHECK(counted == 1000);
}

TEST_CASE("an arena counts its own thread's allocations only", "[metrics_allocator]") {
  if (!is_counted()) return;
  std::uint64_t counted = 1;
  on_new_thread([&] {
    const thread_arena arena;
    arena.enter();
    const auto before = count(arena);
    std::thread other([] {
      for (int i = 0; i < 1000; ++i) std::free(allocate(64));
    });
    other.join();
    counted = count(arena) - before;
  });
  CHECK(counted < 10);  // what starting the other thread takes, on this one
}

TEST_CASE("the host's memory is not in a thread's arena but in its bytes", "[metrics_allocator]") {
  if (!is_counted()) return;
  std::uint64_t counted = 1;
  std::uint64_t bytes = 0;
  on_new_thread([&] {
    const thread_arena arena;
    arena.enter();
    host_free(host_allocate(1));
    const auto before = count(arena);
    const auto bytes_before = thread_allocated_bytes();
    for (int i = 0; i < 1000; ++i) host_free(host_allocate(64));
    bytes = thread_allocated_bytes() - bytes_before;
    counted = count(arena) - before;
  });
  CHECK(counted == 0);
  CHECK(bytes == 64 * 1000);
}

TEST_CASE("host memory of no bytes, and none to free", "[metrics_allocator]") {
  void *const memory = host_allocate(0);
  CHECK(memory != nullptr);
  host_free(memory);
  host_free(nullptr);
}

TEST_CASE("more host memory than there is gives null", "[metrics_allocator]") {
  if (!is_counted()) return;  // sanitizers end the program instead
  CHECK(host_allocate(static_cast<std::size_t>(-1) / 2) == nullptr);
}

TEST_CASE("the process's totals hold what was allocated", "[metrics_allocator]") {
  if (!is_counted()) return;
  thread_arena::flush();
  const auto before = read_allocator().value();
  std::vector<void *> memory(1000);
  for (auto &each : memory) each = allocate(100'000);
  thread_arena::flush();
  const auto full = read_allocator().value();
  for (void *each : memory) std::free(each);
  thread_arena::flush();
  const auto after = read_allocator().value();

  CHECK(full.allocations_total - before.allocations_total >= 1000);
  CHECK(full.allocated_total - before.allocated_total >= 1000 * 100'000);
  CHECK(full.allocated - before.allocated >= 1000 * 100'000);
  CHECK(after.deallocations_total - full.deallocations_total >= 1000);
  CHECK(after.allocated + 1000 * 100'000 <= full.allocated + 100'000);
}

TEST_CASE("the figures fit each other", "[metrics_allocator]") {
  if (!is_counted()) return;
  const auto figures = read_allocator().value();
  CHECK(figures.allocated > 0);
  CHECK(figures.allocated <= figures.active);
  CHECK(figures.active <= figures.resident);
  CHECK(figures.metadata > 0);
  CHECK(figures.deallocations_total <= figures.allocations_total);
}

TEST_CASE("memory that a cache takes ahead does not take back what was freed",
          "[metrics_allocator]") {
  if (!is_counted()) return;
  thread_arena::flush();
  std::free(allocate(64));
  thread_arena::flush();
  const auto before = read_allocator().value();
  void *const memory = allocate(64);  // and with it a cache full of free objects
  const auto after = read_allocator().value();
  CHECK(after.deallocations_total >= before.deallocations_total);
  std::free(memory);
}

TEST_CASE("totals never fall", "[metrics_allocator]") {
  if (!is_counted()) return;
  std::atomic<bool> is_over{false};
  std::vector<std::thread> busy;
  for (int i = 0; i < 3; ++i) {
    busy.emplace_back([&is_over] {
      for (std::size_t n = 0; !is_over.load(); ++n) {
        std::vector<void *> memory(200);
        for (auto &each : memory) each = allocate(8 + n * 37 % 20'000);
        for (void *each : memory) std::free(each);
      }
    });
  }
  auto last = read_allocator().value();
  bool has_fallen = false;
  for (int i = 0; i < 500; ++i) {
    const auto now = read_allocator().value();
    has_fallen = has_fallen || now.allocated_total < last.allocated_total ||
                 now.allocations_total < last.allocations_total ||
                 now.deallocations_total < last.deallocations_total ||
                 now.purges_total < last.purges_total;
    last = now;
  }
  is_over = true;
  for (auto &thread : busy) thread.join();
  CHECK_FALSE(has_fallen);
}
