// SPDX-License-Identifier: MIT
#include "cli/cancellation.hpp"

#include <csignal>
#include <initializer_list>

#include "worker/ignored_signal.hpp"

namespace taskworker::cli {
namespace {

volatile std::sig_atomic_t signal_that_came = 0;

}  // namespace

void hear_cancellation() {
  struct sigaction action{};
  action.sa_handler = [](int number) { signal_that_came = number; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigemptyset(&action.sa_mask);
  for (const int number : {SIGINT, SIGTERM}) ::sigaction(number, &action, nullptr);
  if (!worker::is_ignored(SIGHUP)) ::sigaction(SIGHUP, &action, nullptr);
}

int cancelling_signal() noexcept { return static_cast<int>(signal_that_came); }

}  // namespace taskworker::cli
