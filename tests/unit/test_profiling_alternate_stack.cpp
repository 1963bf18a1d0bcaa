// SPDX-License-Identifier: MIT
#include "profiling/threads/alternate_stack.hpp"

#include <csignal>
#include <cstdint>

#include "catch.hpp"

using taskworker::profiling::alternate_stack;

namespace {

stack_t present_stack() {
  stack_t present{};
  ::sigaltstack(nullptr, &present);
  return present;
}

volatile std::uintptr_t handler_frame = 0;

void note_frame(int) {
  const int here = 0;
  handler_frame = reinterpret_cast<std::uintptr_t>(&here);
}

}  // namespace

TEST_CASE("a handler runs on the alternate stack while there is one",
          "[profiling_alternate_stack]") {
  struct sigaction action{};
  struct sigaction before{};
  action.sa_handler = note_frame;
  action.sa_flags = SA_ONSTACK;
  ::sigaction(SIGUSR1, &action, &before);
  const stack_t outside = present_stack();
  {
    const alternate_stack own;
    const stack_t inside = present_stack();
    CHECK(inside.ss_sp != outside.ss_sp);
    std::raise(SIGUSR1);
    const auto begin = reinterpret_cast<std::uintptr_t>(inside.ss_sp);
    CHECK(handler_frame >= begin);
    CHECK(handler_frame < begin + inside.ss_size);
  }
  CHECK(present_stack().ss_sp == outside.ss_sp);
  CHECK(present_stack().ss_flags == outside.ss_flags);
  ::sigaction(SIGUSR1, &before, nullptr);
}
