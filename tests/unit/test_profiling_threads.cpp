// SPDX-License-Identifier: MIT
#include <dlfcn.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <latch>
#include <optional>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "metrics/allocator.hpp"
#include "profiling/running_task.hpp"
#include "profiling/symbols/symbolizer.hpp"
#include "profiling/threads/threads.hpp"

using Catch::Matchers::EndsWith;
using taskworker::profiling::live_threads;
using taskworker::profiling::symbolizer;
using taskworker::profiling::thread_info;
using taskworker::profiling::threads_are_recorded;
using taskworker::profiling::unrecorded_threads;

namespace {

// A thread that says who it is and stays until it is told to end.
struct held_thread {
  std::latch has_started{1};
  std::latch may_end{1};
  pid_t tid = 0;

  void run() {
    tid = gettid();
    has_started.count_down();
    may_end.wait();
  }
};

std::optional<thread_info> find_thread(pid_t tid) {
  const auto live = live_threads();
  const auto found =
      std::find_if(live.begin(), live.end(), [&](const auto &each) { return each.tid == tid; });
  if (found == live.end()) return std::nullopt;
  return *found;
}

bool names(const taskworker::profiling::stack &trace, const std::string &file, unsigned line) {
  symbolizer symbols;
  for (const auto address : trace.addresses()) {
    for (const auto &place : symbols.find_calls(address)) {
      if (place.file.ends_with(file) && place.line == line) return true;
    }
  }
  return false;
}

// Starts `start` on a thread and gives its tid once it has ended.
pid_t run_to_end(void *(*start)(void *)) {
  pid_t tid = 0;
  pthread_t thread{};
  REQUIRE(pthread_create(&thread, nullptr, start, &tid) == 0);
  REQUIRE(pthread_join(thread, nullptr) == 0);
  return tid;
}

}  // namespace

TEST_CASE("a build that does not record threads lists none", "[profiling_threads]") {
  if (threads_are_recorded()) return;
  held_thread held;
  std::thread thread([&held] { held.run(); });
  held.has_started.wait();
  CHECK(live_threads().empty());
  CHECK(unrecorded_threads() == 0);
  held.may_end.count_down();
  thread.join();
}

TEST_CASE("a thread is seen from its start until it is joined", "[profiling_threads]") {
  if (!threads_are_recorded()) return;
  const auto before = live_threads().size();
  held_thread held;
  std::thread thread([&held] { held.run(); });
  const unsigned line = __LINE__ - 1;
  held.has_started.wait();

  const auto live = find_thread(held.tid);
  CHECK(live_threads().size() == before + 1);
  REQUIRE(live.has_value());
  CHECK(live->started_ns > 0);
  CHECK(names(live->started_by, "tests/unit/test_profiling_threads.cpp", line));

  held.may_end.count_down();
  thread.join();
  CHECK(live_threads().size() == before);
  CHECK_FALSE(find_thread(held.tid).has_value());
}

TEST_CASE("the stack of a thread's start begins with who called pthread_create",
          "[profiling_threads]") {
  if (!threads_are_recorded()) return;
  held_thread held;
  pthread_t thread{};
  const auto start = [](void *data) -> void * {
    static_cast<held_thread *>(data)->run();
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, nullptr, start, &held) == 0);
  const unsigned line = __LINE__ - 1;
  held.has_started.wait();
  const auto live = find_thread(held.tid);
  held.may_end.count_down();
  REQUIRE(pthread_join(thread, nullptr) == 0);

  REQUIRE(live.has_value());
  symbolizer symbols;
  const auto place = symbols.find_call(live->started_by.frames[0]);
  CHECK_THAT(place.file, EndsWith("tests/unit/test_profiling_threads.cpp"));
  CHECK(place.line == line);
}

TEST_CASE("threads are listed in the order of their start", "[profiling_threads]") {
  if (!threads_are_recorded()) return;
  std::vector<held_thread> held(3);
  std::vector<std::thread> threads;
  for (auto &each : held) {
    threads.emplace_back([&each] { each.run(); });
    each.has_started.wait();
  }
  const auto live = live_threads();
  for (auto &each : held) each.may_end.count_down();
  for (auto &thread : threads) thread.join();

  REQUIRE(live.size() >= held.size());
  for (std::size_t i = 0; i < held.size(); ++i) {
    CHECK(live[live.size() - held.size() + i].tid == held[i].tid);
  }
  CHECK(std::is_sorted(live.begin(), live.end(), [](const auto &left, const auto &right) {
    return left.number < right.number || left.started_ns < right.started_ns;
  }));
}

TEST_CASE("a thread that ends by pthread_exit is gone", "[profiling_threads]") {
  if (!threads_are_recorded()) return;
  const auto before = live_threads().size();
  const pid_t tid = run_to_end([](void *data) -> void * {
    *static_cast<pid_t *>(data) = find_thread(gettid()) ? gettid() : 0;
    pthread_exit(nullptr);
  });
  CHECK(tid != 0);  // it saw itself
  CHECK(live_threads().size() == before);
}

TEST_CASE("a thread that is cancelled is gone", "[profiling_threads]") {
  if (!threads_are_recorded()) return;
  const auto before = live_threads().size();
  held_thread held;
  pthread_t thread{};
  const auto start = [](void *data) -> void * {
    static_cast<held_thread *>(data)->has_started.count_down();
    for (;;) pause();
  };
  REQUIRE(pthread_create(&thread, nullptr, start, &held) == 0);
  held.has_started.wait();
  CHECK(live_threads().size() == before + 1);
  REQUIRE(pthread_cancel(thread) == 0);
  REQUIRE(pthread_join(thread, nullptr) == 0);
  CHECK(live_threads().size() == before);
}

TEST_CASE("a thread's own end still counts as alive", "[profiling_threads]") {
  if (!threads_are_recorded()) return;
  static bool was_seen;
  was_seen = false;
  struct at_end {
    ~at_end() { was_seen = find_thread(gettid()).has_value(); }
  };
  std::thread([] {
    thread_local const at_end observer;
    (void)&observer;
  }).join();
  CHECK(was_seen);
}

TEST_CASE("a thread that could not be started leaves no record", "[profiling_threads]") {
  if (!threads_are_recorded()) return;
  const auto before = live_threads().size();
  pthread_attr_t attributes;
  REQUIRE(pthread_attr_init(&attributes) == 0);
  REQUIRE(pthread_attr_setstacksize(&attributes, std::size_t{1} << 60) == 0);
  pthread_t thread{};
  const auto start = [](void *) -> void * { return nullptr; };
  CHECK(pthread_create(&thread, &attributes, start, nullptr) == EAGAIN);
  pthread_attr_destroy(&attributes);
  CHECK(live_threads().size() == before);
}

TEST_CASE("what a thread returns reaches who joins it", "[profiling_threads]") {
  int value = 7;
  pthread_t thread{};
  const auto start = [](void *data) { return data; };
  REQUIRE(pthread_create(&thread, nullptr, start, &value) == 0);
  void *result = nullptr;
  REQUIRE(pthread_join(thread, &result) == 0);
  CHECK(result == &value);
}

TEST_CASE("a thread remembers whom its creator worked for", "[profiling_threads]") {
  if (!threads_are_recorded()) return;
  using taskworker::profiling::set_running_task;
  using taskworker::profiling::task_mark;
  const auto started_in = [] {
    held_thread held;
    std::thread thread([&held] { held.run(); });
    held.has_started.wait();
    const auto found = find_thread(held.tid);
    held.may_end.count_down();
    thread.join();
    return found.value().started_in;
  };
  taskworker::profiling::running_task_slot slot(5);
  set_running_task(&slot);
  slot.begin(41, 2);
  const task_mark in_task = started_in();
  slot.end();
  const task_mark between_tasks = started_in();
  set_running_task(nullptr);
  const task_mark of_no_worker = started_in();

  CHECK(in_task.worker == 5);
  CHECK(in_task.operation == 2);
  CHECK(in_task.task == 41);
  CHECK(between_tasks.worker == 5);
  CHECK_FALSE(between_tasks.is_in_task());
  CHECK(of_no_worker.worker == task_mark::none);
}

TEST_CASE("records are used again", "[profiling_threads]") {
  if (!threads_are_recorded()) return;
  const auto before = live_threads().size();
  const auto unrecorded = unrecorded_threads();
  const auto first = [] {
    held_thread held;
    std::thread thread([&held] { held.run(); });
    held.has_started.wait();
    const auto number = find_thread(held.tid).value().number;
    held.may_end.count_down();
    thread.join();
    return number;
  };
  const auto number = first();
  for (int i = 0; i < 40'000; ++i) run_to_end([](void *) -> void * { return nullptr; });
  CHECK(first() == number + 40'001);
  CHECK(live_threads().size() == before);
  CHECK(unrecorded_threads() == unrecorded);
}

TEST_CASE("threads that start and end at once are all given back", "[profiling_threads]") {
  if (!threads_are_recorded()) return;
  const auto before = live_threads().size();
  const auto churn = [] {
    for (int i = 0; i < 1'000; ++i) std::thread([] {}).join();
  };
  std::vector<std::thread> creators;
  for (int i = 0; i < 4; ++i) creators.emplace_back(churn);
  // Seen from outside meanwhile: every record is whole.
  bool is_whole = true;
  std::uint64_t last = 0;
  for (int i = 0; i < 2'000; ++i) {
    last = 0;
    for (const auto &each : live_threads()) {
      is_whole = is_whole && each.number > last && each.started_by.depth > 0;
      last = each.number;
    }
  }
  for (auto &creator : creators) creator.join();
  CHECK(is_whole);
  CHECK(live_threads().size() == before);
}

TEST_CASE("the starting thread allocates nothing for a record", "[profiling_threads]") {
  if (!threads_are_recorded()) return;
  // The system's pthread_create, reached past the one of this program.
  const auto plain =
      reinterpret_cast<decltype(&pthread_create)>(dlsym(RTLD_NEXT, "pthread_create"));
  const auto start = [](void *) -> void * { return nullptr; };
  const auto bytes_of = [&start](decltype(&pthread_create) create) {
    const auto before = taskworker::metrics::thread_allocated_bytes();
    pthread_t thread{};
    create(&thread, nullptr, start, nullptr);
    const auto after = taskworker::metrics::thread_allocated_bytes();
    pthread_join(thread, nullptr);
    return after - before;
  };
  (void)bytes_of(plain);  // the first thread's stack is allocated, the next ones reuse it
  CHECK(bytes_of(&pthread_create) == bytes_of(plain));
}
