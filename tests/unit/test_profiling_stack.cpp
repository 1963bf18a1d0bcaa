// SPDX-License-Identifier: MIT
#include <ucontext.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <vector>

#include "catch.hpp"
#include "metrics/allocator.hpp"
#include "profiling/stack.hpp"
#include "profiling/symbols/symbolizer.hpp"

using Catch::Matchers::EndsWith;
using taskworker::profiling::capture_stack;
using taskworker::profiling::source_place;
using taskworker::profiling::stack;
using taskworker::profiling::symbolizer;

namespace {

struct captured {
  stack trace;
  unsigned line;
};

[[gnu::noinline]] captured capture_here(std::uint32_t skip = 0) {
  return {capture_stack(skip), __LINE__};
}

[[gnu::noinline]] stack capture_below(unsigned depth) {
  if (depth == 0) return capture_stack();
  stack trace = capture_below(depth - 1);
  asm volatile("" : : "r"(&trace) : "memory");  // no tail call: each level is a frame
  return trace;
}

volatile std::sig_atomic_t signals = 0;
stack signal_stack;
std::uintptr_t interrupted = 0;  // the instruction; 0 where this test does not know how to ask

[[gnu::noinline]] unsigned raise_here() {
  std::raise(SIGUSR1);
  asm volatile("" : : : "memory");
  return __LINE__ - 2;
}

}  // namespace

TEST_CASE("a stack starts with the caller, at its line", "[profiling_stack]") {
  const captured here = capture_here();
  REQUIRE(here.trace.depth >= 2);

  symbolizer symbols;
  const source_place place = symbols.find_call(here.trace.frames[0]);
  CHECK(place.function == "(anonymous namespace)::capture_here");
  CHECK_THAT(place.file, EndsWith("tests/unit/test_profiling_stack.cpp"));
  CHECK(place.line == here.line);
}

TEST_CASE("frames are left out on request", "[profiling_stack]") {
  const captured all = capture_here();
  const captured skipped = capture_here(1);
  const unsigned line = __LINE__ - 1;
  CHECK(skipped.trace.depth == all.trace.depth - 1);

  symbolizer symbols;
  const source_place place = symbols.find_call(skipped.trace.frames[0]);
  CHECK_THAT(place.file, EndsWith("tests/unit/test_profiling_stack.cpp"));
  CHECK(place.line == line);
}

TEST_CASE("more is skipped than there is", "[profiling_stack]") {
  CHECK(capture_stack(10'000).depth == 0);
}

TEST_CASE("a deep stack keeps its innermost frames", "[profiling_stack]") {
  const stack trace = capture_below(2 * stack::max_depth);
  CHECK(trace.depth == stack::max_depth);
  CHECK(trace.addresses().size() == stack::max_depth);

  symbolizer symbols;
  for (const auto address : trace.addresses()) {
    CHECK(symbols.find_call(address).function == "(anonymous namespace)::capture_below");
  }
}

TEST_CASE("a stack goes through a signal's frame to what was interrupted", "[profiling_stack]") {
  struct sigaction previous = {};
  struct sigaction action = {};
  action.sa_flags = SA_SIGINFO;
  action.sa_sigaction = [](int, siginfo_t *, [[maybe_unused]] void *context) {
    signal_stack = capture_stack();
#if defined(__x86_64__)
    const auto &registers = static_cast<ucontext_t *>(context)->uc_mcontext.gregs;
    interrupted = static_cast<std::uintptr_t>(registers[REG_RIP]);
#endif
    signals = 1;
  };
  REQUIRE(sigaction(SIGUSR1, &action, &previous) == 0);
  const unsigned line = raise_here();
  REQUIRE(sigaction(SIGUSR1, &previous, nullptr) == 0);
  REQUIRE(signals == 1);

  symbolizer symbols;
  std::vector<unsigned> lines_of_raise;
  for (const auto address : signal_stack.addresses()) {
    const source_place place = symbols.find_call(address);
    if (place.function == "(anonymous namespace)::raise_here") lines_of_raise.push_back(place.line);
  }
  CHECK(lines_of_raise == std::vector<unsigned>{line});
  // As if it were a call's, whose return address is looked up one byte before.
  const auto addresses = signal_stack.addresses();
  if (interrupted != 0) CHECK(std::count(addresses.begin(), addresses.end(), interrupted + 1) == 1);
}

namespace {

std::vector<std::uintptr_t> room;
std::uint32_t frames_read = 0;
taskworker::profiling::stack_reading reading;

// Reads the own stack as a signal's handler sees it, into `frames` of room.
[[gnu::noinline]] void read_in_handler(std::size_t frames) {
  room.assign(frames, 0);
  struct sigaction previous = {};
  struct sigaction action = {};
  action.sa_flags = SA_SIGINFO;
  action.sa_sigaction = [](int, siginfo_t *, void *context) {
    reading = taskworker::profiling::read_interrupted_stack(context, room, frames_read);
    interrupted = 0;
#if defined(__x86_64__)
    const auto &registers = static_cast<ucontext_t *>(context)->uc_mcontext.gregs;
    interrupted = static_cast<std::uintptr_t>(registers[REG_RIP]);
#endif
  };
  REQUIRE(sigaction(SIGUSR1, &action, &previous) == 0);
  std::raise(SIGUSR1);
  REQUIRE(sigaction(SIGUSR1, &previous, nullptr) == 0);
}

}  // namespace

#ifndef __SANITIZE_THREAD__  // it calls handlers later, from its own frames
TEST_CASE("in a handler, the stack begins with what was interrupted", "[profiling_stack]") {
  read_in_handler(500);
  const auto caller = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
  REQUIRE(reading == taskworker::profiling::stack_reading::ended);
  REQUIRE(frames_read > 2);
  if (interrupted != 0) CHECK(room[0] == interrupted + 1);
  CHECK(std::count(room.begin(), room.end(), caller) == 1);
}

TEST_CASE("a stack that does not fit is cut, its innermost frames stay", "[profiling_stack]") {
  read_in_handler(2);
  CHECK(reading == taskworker::profiling::stack_reading::cut);
  CHECK(frames_read == 2);
  if (interrupted != 0) CHECK(room[0] == interrupted + 1);
}
#endif

TEST_CASE("a capture allocates nothing", "[profiling_stack]") {
  (void)capture_stack();
  const auto before = taskworker::metrics::thread_allocated_bytes();
  const stack trace = capture_stack();
  CHECK(taskworker::metrics::thread_allocated_bytes() == before);
  CHECK(trace.depth > 0);
}
