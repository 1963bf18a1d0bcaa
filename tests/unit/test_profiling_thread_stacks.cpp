// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <future>
#include <iterator>
#include <latch>
#include <list>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "metrics/procfs.hpp"
#include "profiling/threads/stack_request.hpp"
#include "profiling/threads/thread_stacks.hpp"
#include "unit/parked_thread.hpp"

using namespace taskworker::profiling;
using namespace std::chrono_literals;
namespace metrics = taskworker::metrics;

namespace {

// Who waits for a thread that cannot answer waits until the test is killed.
constexpr auto for_ever = std::chrono::hours(1);

std::optional<thread_snapshot> find(const std::vector<thread_snapshot> &all, pid_t tid) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto &each) { return each.tid == tid; });
  if (found == all.end()) return std::nullopt;
  return *found;
}

bool ends_with(const std::vector<std::uintptr_t> &frames, const stack &callers) {
  const auto last = callers.addresses();
  return frames.size() > last.size() && std::equal(last.rbegin(), last.rend(), frames.rbegin());
}

std::uint64_t own_cpu_ns() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<std::uint64_t>(used.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(used.tv_nsec);
}

metrics::thread_status status_of(pid_t tid) {
  std::ifstream file("/proc/self/task/" + std::to_string(tid) + "/status");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return metrics::parse_thread_status(text).value();
}

// Takes all places to ask from.
std::list<stack_request> ask_as_often_as_possible(const parked_thread &blocking) {
  std::list<stack_request> requests;
  for (std::size_t i = 0; i < stack_request::most_at_once; ++i) {
    requests.emplace_back(blocking.tid());
  }
  return requests;
}

// A thread that blocks signals and ends when it is told to.
struct leaving_thread {
  std::promise<pid_t> tid;
  std::latch may_block{1};
  std::latch has_blocked{1};
  std::latch may_end{1};
  std::thread thread{[this] {
    tid.set_value(gettid());
    may_block.wait();
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    has_blocked.count_down();
    may_end.wait();
  }};
};

}  // namespace

TEST_CASE("a thread is seen where it waits", "[profiling_thread_stacks]") {
  const parked_thread parked("a name");
  const auto seen = find(read_thread_stacks(for_ever), parked.tid());
  REQUIRE(seen.has_value());
  CHECK(seen->name == "a name");
  CHECK((seen->state == 'S' || seen->state == 'R'));
  CHECK(seen->silence.empty());
  CHECK(seen->cpu_ns > 0);
  CHECK(seen->mark.worker == parked_thread::worker());
  CHECK(seen->mark.task == 42);
  if (signals_are_immediate) CHECK(ends_with(seen->frames, parked.callers()));
  CHECK(seen->start.has_value() == threads_are_recorded());
  if (seen->start) CHECK(seen->start->tid == parked.tid());
}

TEST_CASE("a thread that waits on a bare futex answers too", "[profiling_thread_stacks]") {
  if (!signals_are_immediate) return;
  std::latch has_started{1};
  std::latch may_end{1};
  pid_t tid = 0;
  std::thread waiting([&] {
    tid = gettid();
    has_started.count_down();
    may_end.wait();
  });
  has_started.wait();
  const auto seen = find(read_thread_stacks(for_ever), tid);
  may_end.count_down();
  waiting.join();
  REQUIRE(seen.has_value());
  CHECK_FALSE(seen->frames.empty());
}

TEST_CASE("the calling thread shows its own stack", "[profiling_thread_stacks]") {
  const std::uint64_t before = own_cpu_ns();
  const stack here = capture_stack(1);  // who called this test
  const auto seen = find(read_thread_stacks(for_ever), gettid());
  const std::uint64_t after = own_cpu_ns();
  REQUIRE(seen.has_value());
  CHECK(seen->state == 'R');
  CHECK(seen->cpu_ns >= before);
  CHECK(seen->cpu_ns <= after);
  CHECK_FALSE(seen->start.has_value());  // of the main thread
  CHECK_FALSE(seen->frames.empty());
  const auto callers = here.addresses();
  if (signals_are_immediate) {
    CHECK(std::search(seen->frames.begin(), seen->frames.end(), callers.begin(), callers.end()) !=
          seen->frames.end());
  }
}

TEST_CASE("a thread that blocks signals is not waited for", "[profiling_thread_stacks]") {
  const parked_thread blocking("blocking", true);
  const auto seen = find(read_thread_stacks(for_ever), blocking.tid());
  REQUIRE(seen.has_value());
  CHECK(seen->silence == "blocks signals");
  CHECK(seen->frames.empty());
  CHECK(seen->name == "blocking");
}

TEST_CASE("a thread that cannot be asked in time is named as silent", "[profiling_thread_stacks]") {
  const parked_thread blocking("blocking", true);
  auto all_places = ask_as_often_as_possible(blocking);
  const std::vector<pid_t> self{gettid()};
  const auto without_place = look_at_threads(self, 1ms);
  REQUIRE(without_place.size() == 1);
  CHECK(without_place[0].silence == "did not answer");
  CHECK(without_place[0].frames.empty());
  all_places.clear();
  const auto with_place = look_at_threads(self, for_ever);
  REQUIRE(with_place.size() == 1);
  CHECK(with_place[0].silence.empty());
}

TEST_CASE("a thread that has not answered once is not waited for again",
          "[profiling_thread_stacks]") {
  const parked_thread waiting;
  const std::array asked = {waiting.tid()};
  // Takes the signal, and says nothing.
  struct sigaction deaf{};
  struct sigaction before{};
  deaf.sa_handler = [](int) {};
  const int signal = stack_request::signal_number();
  REQUIRE(sigaction(signal, &deaf, &before) == 0);
  CHECK(look_at_threads(asked, 20ms).at(0).silence == "did not answer");
  CHECK(look_at_threads(asked, for_ever).at(0).silence == "did not answer");
  REQUIRE(sigaction(signal, &before, nullptr) == 0);
  while (look_at_threads(asked, for_ever).at(0).frames.empty()) {
  }
  CHECK_FALSE(look_at_threads(asked, for_ever).at(0).frames.empty());
}

TEST_CASE("threads that have ended are left out", "[profiling_thread_stacks]") {
  pid_t ended = 0;
  {
    const parked_thread parked;
    ended = parked.tid();
  }
  const auto seen = look_at_threads(std::vector<pid_t>{ended, gettid()}, for_ever);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].tid == gettid());
  CHECK_FALSE(find(read_thread_stacks(for_ever), ended).has_value());
}

TEST_CASE("a thread that ends with its signal unanswered is left out",
          "[profiling_thread_stacks]") {
  const parked_thread blocking("blocking", true);
  auto all_places = ask_as_often_as_possible(blocking);
  leaving_thread leaving;
  const pid_t tid = leaving.tid.get_future().get();

  std::promise<pid_t> looker_tid;
  std::vector<thread_snapshot> seen;
  std::thread looker([&] {
    looker_tid.set_value(gettid());
    seen = look_at_threads(std::vector<pid_t>{tid, gettid()}, for_ever);
  });
  // It has found that the thread takes signals, and waits for a place to ask from.
  const pid_t looking = looker_tid.get_future().get();
  while (status_of(looking).state != 'S') std::this_thread::yield();
  leaving.may_block.count_down();
  leaving.has_blocked.wait();
  all_places.clear();
  while (status_of(tid).pending_signals == 0) std::this_thread::yield();
  leaving.may_end.count_down();
  leaving.thread.join();
  looker.join();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].tid == looking);
}

TEST_CASE("threads that end during a look are not waited for", "[profiling_thread_stacks]") {
  std::atomic<bool> is_over{false};
  std::vector<std::thread> creators;
  for (int i = 0; i < 4; ++i) {
    creators.emplace_back([&is_over] {
      while (!is_over) std::thread([] {}).join();
    });
  }
  for (int i = 0; i < 200; ++i) {
    const auto seen = read_thread_stacks(for_ever);
    CHECK(std::all_of(seen.begin(), seen.end(), [](const auto &each) {
      return each.tid > 0 && each.frames.empty() != each.silence.empty();
    }));
  }
  is_over = true;
  for (auto &creator : creators) creator.join();
}

TEST_CASE("more threads are seen than can be asked at once", "[profiling_thread_stacks]") {
  constexpr std::size_t count = 4 * stack_request::most_at_once;
  std::list<parked_thread> parked;
  std::vector<pid_t> tids;
  for (std::size_t i = 0; i < count; ++i) {
    parked.emplace_back();
    tids.push_back(parked.back().tid());
  }
  const auto some = look_at_threads(tids, for_ever);
  REQUIRE(some.size() == count);
  const auto all = read_thread_stacks(for_ever);
  CHECK(all.size() >= count + 1);
  std::size_t i = 0;
  for (const auto &each : parked) {
    CHECK(some[i].tid == each.tid());
    if (signals_are_immediate) CHECK(ends_with(some[i].frames, each.callers()));
    const auto same = find(all, each.tid());
    REQUIRE(same.has_value());
    CHECK(same->silence.empty());
    CHECK(same->start.has_value() == threads_are_recorded());
    ++i;
  }
}

TEST_CASE("several threads may look at once", "[profiling_thread_stacks]") {
  std::list<parked_thread> parked(2 * stack_request::most_at_once);
  std::vector<std::thread> lookers;
  std::atomic<std::size_t> answered{0};
  std::vector<pid_t> tids;
  for (const auto &each : parked) tids.push_back(each.tid());
  for (int i = 0; i < 4; ++i) {
    lookers.emplace_back([&] {
      for (const auto &each : look_at_threads(tids, for_ever)) {
        answered += each.silence == "" && !each.frames.empty() ? 1 : 0;
      }
    });
  }
  for (auto &looker : lookers) looker.join();
  CHECK(answered == 4 * parked.size());
}

TEST_CASE("all threads are listed", "[profiling_thread_stacks]") {
  const parked_thread parked;
  const auto tids = list_threads();
  CHECK(std::count(tids.begin(), tids.end(), gettid()) == 1);
  CHECK(std::count(tids.begin(), tids.end(), parked.tid()) == 1);
  CHECK(std::count(tids.begin(), tids.end(), 0) == 0);
}
