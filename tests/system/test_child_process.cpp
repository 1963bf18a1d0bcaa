// SPDX-License-Identifier: MIT
// The processes behind the samples of a comparison and the cases of a check.
#include <signal.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>

#include "catch.hpp"
#include "process/child_process.hpp"

using namespace taskworker::process;
using namespace std::chrono_literals;

namespace {

bool never() { return false; }

child_outcome run_shell(const std::string &script) {
  return run_child("/bin/sh", {"-c", script}, 1min, never).value();
}

/// Gone, or waiting for its new parent to notice.
bool has_ended(const std::string &pid) {
  std::string stat;
  std::getline(std::ifstream("/proc/" + pid + "/stat"), stat);
  return stat.empty() || stat.find(") Z ") != std::string::npos;
}

}  // namespace

TEST_CASE("what a child prints and how it ends is told", "[child_process]") {
  const auto ended = run_shell("echo out; echo err >&2; exit 3");
  CHECK(ended.status == 3);
  CHECK(ended.signal == 0);
  CHECK_FALSE(ended.is_late);
  CHECK(ended.out == "out\n");
  CHECK(ended.err == "err\n");

  const auto killed = run_shell("kill -SEGV $$");
  CHECK(killed.status == -1);
  CHECK(killed.signal == SIGSEGV);
  CHECK(run_child("/nosuch/program", {}, 1min, never).value().status == 127);
}

TEST_CASE("much output on both sides blocks nobody", "[child_process]") {
  const auto ended = run_shell(
      "i=0; while [ $i -lt 4000 ]; do echo 0123456789012345678901234567890123456789; "
      "echo 0123456789012345678901234567890123456789 >&2; i=$((i+1)); done; echo end >&2");
  CHECK(ended.status == 0);
  CHECK(ended.out.size() == 4000 * 41);
  CHECK(ended.err.size() == 8192);
  CHECK(ended.err.substr(ended.err.size() - 4) == "end\n");
}

TEST_CASE("a child has nothing to read", "[child_process]") {
  CHECK(run_shell("cat; echo done").out == "done\n");
}

TEST_CASE("a child that has closed its output is watched all the same", "[child_process]") {
  const char *const script = "exec >&- 2>&-; sleep 1000";
  CHECK(run_child("/bin/sh", {"-c", script}, 300ms, never).value().is_late);
  static std::atomic<int> asked{0};
  CHECK_FALSE(run_child("/bin/sh", {"-c", script}, 1min, [] { return ++asked >= 8; }));
}

TEST_CASE("what a child leaves running holds nobody up, and ends", "[child_process]") {
  const auto ended = run_shell("sleep 1000 & echo -n $!; exit 5");
  CHECK(ended.status == 5);
  CHECK_FALSE(ended.is_late);
  REQUIRE_FALSE(ended.out.empty());
  while (!has_ended(ended.out)) {
  }
}

TEST_CASE("what a child leaves writing holds nobody up either", "[child_process]") {
  // Who reads more slowly than it writes never finds the pipe empty.
  const auto read_slowly = [] {
    std::this_thread::sleep_for(5ms);
    return false;
  };
  // It writes beside the child, so that it has begun.
  const std::string script = "yes >&2 & echo -n $!; head -c 200000 /dev/zero >&2; exit 5";
  const auto ended = run_child("/bin/sh", {"-c", script}, 10s, read_slowly).value();
  CHECK(ended.status == 5);
  CHECK_FALSE(ended.is_late);
  REQUIRE_FALSE(ended.out.empty());
  while (!has_ended(ended.out)) {
  }
}

TEST_CASE("all that a child wrote before its end is there", "[child_process]") {
  // As much as a pipe holds: it need not be read before the end.
  const auto ended = run_shell("head -c 65536 /dev/zero & wait; exec head -c 65536 /dev/zero >&2");
  CHECK(ended.out.size() == 65536);
  CHECK(ended.err.size() == 8192);
}

TEST_CASE("whoever ignores SIGCHLD gets the status too", "[child_process]") {
  ::signal(SIGCHLD, SIG_IGN);
  CHECK(run_shell("exit 5").status == 5);
}

TEST_CASE("a child that does not end in time is killed with all that it started",
          "[child_process]") {
  const auto ended =
      run_child("/bin/sh", {"-c", "sleep 1000 & echo -n $!; wait"}, 500ms, never).value();
  CHECK(ended.is_late);
  CHECK(ended.signal == SIGKILL);
  REQUIRE_FALSE(ended.out.empty());
  while (!has_ended(ended.out)) {
  }
}

TEST_CASE("a cancelled child is gone", "[child_process]") {
  static std::atomic<int> asked{0};
  const auto at_the_third = [] { return ++asked >= 3; };
  CHECK_FALSE(run_child("/bin/sh", {"-c", "sleep 1000 & wait"}, 1min, at_the_third));
  CHECK(asked == 3);
}
