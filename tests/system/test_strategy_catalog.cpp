// SPDX-License-Identifier: MIT
#include "strategy/catalog.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdlib>
#include <string>

#include "catch.hpp"
#include "temporary_file.hpp"

using namespace taskworker::strategy;
using namespace std::chrono_literals;

namespace {

std::string folder_of(const char *variable) {
  const char *folder = std::getenv(variable);
  REQUIRE(folder != nullptr);
  return folder;
}

candidate file_at(const std::string &folder, const std::string &name) {
  return {name, folder + "/" + name + ".so", "any", false, folder};
}

candidate bad_file(const std::string &name) {
  return file_at(folder_of("TASKWORKER_TEST_BAD_STRATEGIES"), name);
}

catalog_entry read_one(const candidate &file, std::chrono::milliseconds limit = 60s) {
  const auto entries = read_catalog({file}, limit);
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].file.path == file.path);
  return entries[0];
}

bool has_children() { return ::waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD; }

}  // namespace

TEST_CASE("a sound strategy is read in a child", "[strategy_catalog]") {
  const auto entry =
      read_one(file_at(folder_of("TASKWORKER_TEST_STRATEGIES") + "/optimized", "optimized"));
  CHECK(entry.problem.empty());
  CHECK(!entry.version.empty());
  CHECK(!entry.summary.empty());
  CHECK(entry.workload.empty());
  CHECK(!has_children());
}

TEST_CASE("a strategy that crashes while it is opened is a problem of its own",
          "[strategy_catalog]") {
  CHECK(read_one(bad_file("init_crashes")).problem == "crashed while it was opened (SIGSEGV)");
  CHECK(!has_children());
}

// In a child, as the dynamic loader keeps its lock after this.
TEST_CASE("a strategy that throws while it is loaded is a problem of its own",
          "[strategy_catalog]") {
  const candidate file = bad_file("constructor_throws");
  CHECK(read_one(file).problem == file.path.string() +
                                      " threw an exception out of a static constructor (thrown on "
                                      "purpose); none may cross the strategy interface");
}

// With another limit than the default, as nobody wants to wait. The strategy has a
// child of its own; as a subreaper this process becomes its parent and sees its end.
TEST_CASE("a strategy that hangs while it is opened is killed with its children, and reaped",
          "[strategy_catalog]") {
  REQUIRE(::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
  CHECK(read_one(bad_file("init_hangs"), 300ms).problem == "did not answer within 300 ms");
  int status = 0;
  REQUIRE(::waitpid(-1, &status, 0) > 0);
  CHECK(WIFSIGNALED(status));
  CHECK(!has_children());
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_CASE("a strategy that is refused tells why, the next one is read", "[strategy_catalog]") {
  const temporary_folder folder;
  const std::string text = folder.write("text.so", "#!/bin/sh\n");
  const auto entries = read_catalog({file_at(folder.path(), "text"), bad_file("no_symbol")});
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].problem ==
        text + " is not a shared library (no ELF header); build one with cc -shared -fPIC");
  CHECK(entries[1].problem == bad_file("no_symbol").path.string() +
                                  " exports no symbol taskworker_strategy_entry; define it as "
                                  "include/taskworker/strategy.h tells");
}
