// SPDX-License-Identifier: MIT
#include "worker/signal_latch.hpp"

#include <thread>

#include "catch.hpp"

using taskworker::worker::signal_latch;
using namespace std::chrono_literals;

TEST_CASE("a wait ends when the number changes", "[worker_signal_latch]") {
  signal_latch latch(1);
  std::thread changer([&] { latch.set(2); });
  latch.wait_while(1);
  changer.join();
  CHECK(latch.value() == 2);
  CHECK(latch.wait_while(1, 1h));
}

TEST_CASE("a wait with a limit tells that nothing has changed", "[worker_signal_latch]") {
  const signal_latch latch(1);
  CHECK_FALSE(latch.wait_while(1, 1ms));
  CHECK(latch.wait_while(0, 0ms));
}

TEST_CASE("only one of those who expect a number changes it", "[worker_signal_latch]") {
  signal_latch latch(0);
  CHECK(latch.change(0, 7));
  CHECK_FALSE(latch.change(0, 8));
  CHECK(latch.value() == 7);
}
