// SPDX-License-Identifier: MIT
// taskworker check, as a person runs it.
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "catch.hpp"
#include "program.hpp"

namespace json = boost::json;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using strings = std::vector<std::string>;

namespace {

std::string built(const char *folder, const std::string &file) {
  return std::string(std::getenv(folder)) + "/" + file;
}

std::string bad_strategy(const std::string &name) {
  return built("TASKWORKER_TEST_BAD_STRATEGIES", name + ".so");
}

std::string template_strategy(const std::string &name) {
  return built("TASKWORKER_TEST_STRATEGIES", "template/template_" + name + ".so");
}

outcome check(const strings &more) {
  strings words{"check"};
  words.insert(words.end(), more.begin(), more.end());
  return run(words);
}

/// "name: outcome" of each case that did not pass and was not skipped.
strings found_in(const outcome &ended) {
  strings found;
  const json::value report = json::parse(ended.out);
  for (const auto &each : report.at("cases").as_array()) {
    const auto &what = each.at("outcome").as_string();
    if (what == "passed" || what == "skipped") continue;
    found.push_back(std::string(each.at("name").as_string()) + ": " + what.c_str());
  }
  return found;
}

}  // namespace

TEST_CASE("a strategy that keeps the rules passes with no warning", "[check]") {
  const auto strategy =
      GENERATE(as<std::string>(), "optimized", "bad:problems=none", template_strategy("c"),
               template_strategy("cpp"), template_strategy("workload"));
  CAPTURE(strategy);
  const outcome ended = check({strategy, "--json"});
  CHECK(ended.status == 0);
  CHECK(found_in(ended).empty());
  CHECK(ended.err.empty());
}

TEST_CASE("bad is reported for its planted faults and for nothing else", "[check]") {
  const outcome ended = check({"bad", "--json"});
#if defined(TASKWORKER_HAVE_JEMALLOC) && !defined(TASKWORKER_IS_SANITIZED)
  CHECK(found_in(ended) == strings{"allocations-per-task: warning", "threads-left: failed",
                                   "jobs-left: failed", "memory-left: warning"});
#else
  CHECK(std::ranges::count(found_in(ended), "jobs-left: failed") == 1);
#endif
  CHECK(ended.status == 7);
  const auto report = json::parse(ended.out);
  CHECK(report.at("name").as_string() == "bad");
  for (const auto &each : report.at("cases").as_array()) {
    if (each.at("name").as_string() != "jobs-left") continue;
    CHECK_THAT(std::string(each.at("detail").as_string()),
               StartsWith("stop() left 64 jobs from bad.cpp:"));
    CHECK(each.at("rule").as_string() == "strategy.h, stop()");
  }
}

#ifdef TASKWORKER_HAVE_JEMALLOC
TEST_CASE("warnings alone are no finding", "[check]") {
  const outcome ended = check({"bad:problems=alloc", "--only=allocations-per-task"});
  CHECK(ended.status == 0);
  CHECK_THAT(ended.out, StartsWith("warning    allocations-per-task\n"));
  CHECK_THAT(ended.out, EndsWith("0 passed, 1 warning\n"));
}
#endif

TEST_CASE("a failure names what was found, the rule and where it stands", "[check]") {
  const outcome ended = check({bad_strategy("leaves_job"), "--only=jobs-left,size-zero"});
  CHECK(ended.status == 7);
  CHECK_THAT(ended.out, StartsWith("passed     size-zero\n"
                                   "failed     jobs-left\n"
                                   "           stop() left 1 job from leaves_job.c:"));
  CHECK_THAT(ended.out, ContainsSubstring("           rule: strategy.h, stop()\n"));
  CHECK_THAT(ended.out, EndsWith("\n1 passed, 1 failed\n"));
}

TEST_CASE("a crash is told with its signal and call, and the next case runs", "[check]") {
  const outcome ended = check(
      {bad_strategy("crashes_in_process"), "--only=results-right,jobs-left,stop-without-tasks"});
  CHECK(ended.status == 7);
  CHECK_THAT(ended.out, StartsWith("passed     stop-without-tasks\n"
                                   "crashed    results-right\n"
                                   "           SIGABRT in process()\n"));
  CHECK_THAT(ended.out, EndsWith("1 passed, 2 crashed\n"));
}

TEST_CASE("a hang is ended after the time limit, and told with its call", "[check]") {
  const outcome ended =
      check({bad_strategy("hangs_in_process"), "--only=results-right", "--time-limit=500ms"});
  CHECK(ended.status == 7);
  CHECK_THAT(ended.out,
             StartsWith("timed out  results-right\n"
                        "           it had not ended after 0.5 s; its last call was process()\n"));
}

TEST_CASE("an exception that gets out is told by its text", "[check]") {
  const outcome ended = check({bad_strategy("process_throws"), "--only=exceptions-stay-inside"});
  CHECK(ended.status == 7);
  CHECK_THAT(ended.out, ContainsSubstring("process() let an exception out"));
  CHECK_THAT(ended.out, ContainsSubstring("rule: strategy.h (4)\n"));
}

TEST_CASE("a library that cannot be opened fails in one case, and the others are skipped",
          "[check]") {
  const auto [name, failing, reason] = GENERATE(table<std::string, std::string, std::string>({
      {"no_symbol", "loads-with-all-symbols", "exports no symbol taskworker_strategy_entry"},
      {"init_fails", "loads-with-all-symbols", "its entry's init() returned FAILED"},
      {"other_abi_major", "abi-version", "was built for strategy interface 7.0"},
      {"bad_option_default", "options-declared", "has the default"},
      {"too_many_operations", "workload-declared", "operations, 1 to 16 can be"},
  }));
  CAPTURE(name);
  const outcome ended = check({bad_strategy(name), "--json"});
  CHECK(ended.status == 7);
  CHECK(found_in(ended) == strings{failing + ": failed"});
  CHECK_THAT(ended.out, ContainsSubstring(reason));
  CHECK_THAT(ended.out, ContainsSubstring("the library cannot be opened"));
}

TEST_CASE("nothing of a library is opened in the process that reports", "[check]") {
  const outcome ended = check({bad_strategy("init_crashes"), "--json"});
  CHECK(ended.status == 7);
  CHECK(ended.signal == 0);
  CHECK(found_in(ended) == strings{"loads-with-all-symbols: crashed"});
}

TEST_CASE("a debugger gets the case in the process that it started", "[check]") {
  const outcome passed = check({"optimized", "--in-process", "--only=results-right,threads-left"});
  CHECK(passed.status == 0);
  CHECK_THAT(passed.out, StartsWith("passed     results-right\n"));

  const outcome crashed =
      check({bad_strategy("crashes_in_process"), "--in-process", "--only=results-right"});
  CHECK(crashed.signal == SIGABRT);
  CHECK_THAT(crashed.err, ContainsSubstring("taskworker: SIGABRT in process()\n"));
}

TEST_CASE("a case that fails while a job of its own runs harms none that follows", "[check]") {
  const outcome ended =
      check({bad_strategy("wrong_results"), "--in-process", "--json",
             "--only=calls-on-right-thread,host-untouched,contexts-released,results-right"});
  CHECK(ended.signal == 0);
  CHECK(ended.status == 7);
  CHECK(found_in(ended) == strings{"results-right: failed", "calls-on-right-thread: failed",
                                   "host-untouched: failed", "contexts-released: failed"});
}

TEST_CASE("what a strategy cannot be is told before any case", "[check]") {
  const outcome unknown = check({"optimised"});
  CHECK(unknown.status == 3);
  CHECK_THAT(unknown.err, StartsWith("taskworker: no strategy 'optimised' found"));
  const outcome missing = check({"./missing.so"});
  CHECK(missing.status == 3);
  CHECK_THAT(missing.err, ContainsSubstring("missing.so does not exist"));
  const outcome option = check({"optimized:kep=1"});
  CHECK(option.status == 2);
  CHECK_THAT(option.err, StartsWith("taskworker: strategy 'optimized' has no option 'kep'"));
  CHECK(option.out.empty());
}

TEST_CASE("Ctrl-C ends the case that runs and its process", "[check]") {
  // The shell tells its number, and becomes the program.
  const std::string command = "echo $$; exec \"$TASKWORKER\" check '" +
                              bad_strategy("hangs_in_process") +
                              "' --only=stop-without-tasks,results-right --time-limit=1h";
  std::FILE *output = ::popen(command.c_str(), "re");
  REQUIRE(output != nullptr);
  int pid = 0;
  REQUIRE(std::fscanf(output, "%d\n", &pid) == 1);
  std::array<char, 80> line{};
  REQUIRE(std::fgets(line.data(), line.size(), output) != nullptr);
  CHECK(std::string(line.data()) == "passed     stop-without-tasks\n");

  ::kill(pid, SIGINT);
  REQUIRE(std::fgets(line.data(), line.size(), output) != nullptr);
  CHECK(std::string(line.data()) == "1 passed\n");
  const int status = ::pclose(output);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 130);
}
