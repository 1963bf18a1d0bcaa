// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <list>
#include <memory>

#include "catch.hpp"
#include "profiling/synthetic_frame.hpp"
#include "profiling/threads/stack_request.hpp"
#include "unit/parked_thread.hpp"

using namespace taskworker::profiling;
using namespace std::chrono_literals;

namespace {

stack_answer wait_for(const stack_request &request) {
  for (;;) {
    const std::uint32_t seen = stack_request::count_answers();
    if (const auto answer = request.answer()) return *answer;
    (void)stack_request::wait_for_answer(seen, 1s);
  }
}

bool is_answered_by(pid_t tid) {
  const stack_request request(tid);
  return request.sent() == stack_request::result::asked && !wait_for(request).frames.empty();
}

[[gnu::noinline]] std::size_t count_frames_below(unsigned depth) {
  if (depth == 0) {
    const stack_request request(gettid());
    const stack_answer answer = wait_for(request);
    if (answer.frames.back() != address_of(synthetic_frame::stack_cut)) return 0;
    return answer.frames.size();
  }
  const std::size_t count = count_frames_below(depth - 1);
  asm volatile("" : : "r"(&count) : "memory");  // no tail call: each level is a frame
  return count;
}

}  // namespace

TEST_CASE("the signal is a real-time one that is handled", "[profiling_stack_request]") {
  const int signal = stack_request::signal_number();
  CHECK(signal >= SIGRTMIN);
  CHECK(signal <= SIGRTMAX);
  CHECK(stack_request::signal_number() == signal);
  struct sigaction present = {};
  REQUIRE(sigaction(signal, nullptr, &present) == 0);
  CHECK((present.sa_flags & SA_SIGINFO) != 0);
  CHECK((present.sa_flags & SA_RESTART) != 0);
  CHECK(sigismember(&present.sa_mask, SIGPROF) == 1);
  CHECK(sigismember(&present.sa_mask, SIGSEGV) == 0);
  CHECK((present.sa_flags & SA_NODEFER) == 0);
}

TEST_CASE("a thread that waits answers with its callers", "[profiling_stack_request]") {
  if (!signals_are_immediate) return;
  const parked_thread parked;
  const stack_request request(parked.tid());
  REQUIRE(request.sent() == stack_request::result::asked);
  const stack_answer answer = wait_for(request);
  const auto callers = parked.callers().addresses();
  REQUIRE(answer.frames.size() > callers.size());
  CHECK(std::equal(callers.rbegin(), callers.rend(), answer.frames.rbegin()));
  CHECK(answer.mark.worker == parked_thread::worker());
  CHECK(answer.mark.operation == 1);
  CHECK(answer.mark.task == 42);
}

TEST_CASE("a thread that does not exist is told apart", "[profiling_stack_request]") {
  pid_t ended = 0;
  {
    const parked_thread parked;
    ended = parked.tid();
  }
  const stack_request request(ended);
  CHECK(request.sent() == stack_request::result::thread_ended);
  CHECK_FALSE(request.answer().has_value());
}

TEST_CASE("a thread that answers allocates nothing", "[profiling_stack_request]") {
  parked_thread parked;
  for (int i = 0; i < 10; ++i) CHECK(is_answered_by(parked.tid()));
  parked.end();
  CHECK(parked.allocated_while_parked() == 0);
}

TEST_CASE("a stack deeper than the room says so", "[profiling_stack_request]") {
  if (!signals_are_immediate) return;
  CHECK(count_frames_below(2 * stack_request::max_depth) == stack_request::max_depth + 1);
}

TEST_CASE("there are so many requests at once, and no more", "[profiling_stack_request]") {
  const parked_thread blocking("blocking", true);
  std::list<stack_request> requests;
  for (std::size_t i = 0; i < stack_request::most_at_once; ++i) {
    requests.emplace_back(blocking.tid());
    CHECK(requests.back().sent() == stack_request::result::asked);
  }
  CHECK(stack_request(blocking.tid()).sent() == stack_request::result::busy);
  CHECK(std::none_of(requests.begin(), requests.end(),
                     [](const auto &each) { return each.answer().has_value(); }));
  requests.pop_back();
  CHECK(stack_request(blocking.tid()).sent() == stack_request::result::asked);
}

TEST_CASE("late answers to what was taken back change nothing", "[profiling_stack_request]") {
  if (!signals_are_immediate) return;
  const parked_thread parked;
  parked_thread blocking("blocking", true);
  std::list<stack_request> requests;
  for (std::size_t i = 0; i < stack_request::most_at_once; ++i)
    requests.emplace_back(blocking.tid());
  requests.clear();
  // Their places are given to new requests, which wait for their own answers.
  for (std::size_t i = 0; i < stack_request::most_at_once; ++i) requests.emplace_back(parked.tid());
  for (const auto &each : requests) (void)wait_for(each);
  const std::uint32_t answers = stack_request::count_answers();
  blocking.end();  // all 64 signals are delivered
  CHECK(stack_request::count_answers() == answers);
  const auto callers = parked.callers().addresses();
  for (const auto &each : requests) {
    const auto frames = wait_for(each).frames;
    CHECK(std::equal(callers.rbegin(), callers.rend(), frames.rbegin()));
  }
  requests.clear();
  CHECK(is_answered_by(parked.tid()));
}

TEST_CASE("a late answer does not take the place of a new question", "[profiling_stack_request]") {
  parked_thread first("first", true);
  const parked_thread second("second", true);
  {
    const stack_request withdrawn(first.tid());
  }
  const stack_request waiting(second.tid());  // in the same place, unless others ask
  const std::uint32_t answers = stack_request::count_answers();
  first.end();
  CHECK(stack_request::count_answers() == answers);
  CHECK_FALSE(waiting.answer().has_value());
}

TEST_CASE("signals of others are ignored", "[profiling_stack_request]") {
  const int signal = stack_request::signal_number();
  const std::uint32_t answers = stack_request::count_answers();
  pthread_kill(pthread_self(), signal);
  for (const std::uintptr_t ticket : {std::uintptr_t{0}, std::uintptr_t{63}, UINTPTR_MAX}) {
    sigval value{};
    value.sival_ptr = reinterpret_cast<void *>(ticket);
    pthread_sigqueue(pthread_self(), signal, value);
  }
  CHECK(stack_request::count_answers() == answers);
  CHECK(is_answered_by(gettid()));
}

TEST_CASE("waiting for an answer ends without one", "[profiling_stack_request]") {
  const std::uint32_t seen = stack_request::count_answers();
  CHECK_FALSE(stack_request::wait_for_answer(seen, 1ms));
  CHECK(is_answered_by(gettid()));
  CHECK(stack_request::wait_for_answer(seen, 1h));  // one has come: does not wait
}
