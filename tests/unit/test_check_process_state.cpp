// SPDX-License-Identifier: MIT
#include "check/process_state.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "catch.hpp"

using namespace taskworker::check;

TEST_CASE("what is left as it was has no change", "[check_process_state]") {
  CHECK(describe_change(read_process_state(), read_process_state()).empty());
  CHECK(signal_state().describe_change(signal_state()).empty());
}

TEST_CASE("folder, environment and umask are told by what changed", "[check_process_state]") {
  const auto folder = std::filesystem::current_path();
  const auto before = read_process_state();
  ::setenv("TASKWORKER_CHECK_TEST", "1", 1);
  CHECK(describe_change(before, read_process_state()) ==
        "the environment got TASKWORKER_CHECK_TEST=1");
  const auto with_variable = read_process_state();
  ::unsetenv("TASKWORKER_CHECK_TEST");
  CHECK(describe_change(with_variable, read_process_state()) ==
        "the environment lost TASKWORKER_CHECK_TEST=1");
  std::filesystem::current_path("/");
  CHECK(describe_change(before, read_process_state()) ==
        "the current folder went from " + folder.string() + " to /");
  std::filesystem::current_path(folder);
  const mode_t mask = ::umask(0123);
  CHECK(describe_change(before, read_process_state()) == "the umask changed");
  ::umask(mask);
  CHECK(describe_change(before, read_process_state()).empty());
}

TEST_CASE("handlers and masks are told by the signal", "[check_process_state]") {
  const signal_state before;
  struct sigaction usual{};
  ::sigaction(SIGUSR2, nullptr, &usual);
  std::signal(SIGUSR2, SIG_IGN);
  CHECK(before.describe_change(signal_state()) == "the handler of SIGUSR2 was replaced");
  ::sigaction(SIGUSR2, &usual, nullptr);
  sigset_t one;
  ::sigemptyset(&one);
  ::sigaddset(&one, SIGUSR1);
  sigset_t mask;
  ::pthread_sigmask(SIG_BLOCK, &one, &mask);
  const signal_state blocked;
  ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  CHECK(before.describe_change(blocked) == "SIGUSR1 was blocked");
  CHECK(blocked.describe_change(signal_state()) == "SIGUSR1 was unblocked");
}

TEST_CASE("an open descriptor is listed with what it leads to", "[check_process_state]") {
  const auto before = open_descriptors();
  const int opened = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const auto with_it = open_descriptors();
  ::close(opened);
  CHECK_FALSE(before.contains(opened));
  REQUIRE(with_it.contains(opened));
  CHECK(with_it.at(opened) == "/dev/null");
  CHECK(open_descriptors() == before);
}
