// SPDX-License-Identifier: MIT
// --doctor on the machine of the test: what it says, and how it ends.
#include <string>
#include <vector>

#include "catch.hpp"
#include "program.hpp"
#include "temporary_file.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

outcome run_in(const std::string &folder, const std::vector<std::string> &arguments,
               const std::vector<std::string> &environment) {
  return program(arguments, "", environment, folder).wait();
}

}  // namespace

TEST_CASE("the doctor ends with counts, and with 0 or 7 as these say", "[doctor]") {
  const outcome ended = run({"--doctor"});
  INFO(ended.out);
  CHECK(ended.err.empty());
  CHECK_THAT(ended.out, ContainsSubstring("heap profiling"));
  CHECK(ended.out.find("strategy symbols") == std::string::npos);
  CHECK(ended.status == (ended.out.ends_with(" 0 failed\n") ? 0 : 7));
}

TEST_CASE("the doctor looks at the strategy that is named", "[doctor]") {
  const outcome ended = run({"--doctor", "--strategy=optimized", "--workers=3"});
  INFO(ended.out);
  CHECK_THAT(ended.out, ContainsSubstring("functions of the strategy have names and lines"));
  CHECK_THAT(ended.out, ContainsSubstring("for 3 workers"));
}

TEST_CASE("a strategy that cannot be had is exit code 3, a wrong option 2", "[doctor]") {
  CHECK(run({"--doctor", "--strategy=nosuch"}).status == 3);
  CHECK(run({"--doctor", "--strategy=optimized:keep=-1"}).status == 2);
}

TEST_CASE("a folder that is not for writing is a warning", "[doctor]") {
  const outcome ended = run_in("/proc", {"--doctor"}, {});
  CHECK_THAT(ended.out, ContainsSubstring("warning  current folder"));
}

#ifdef TASKWORKER_HAVE_JEMALLOC

TEST_CASE("heap profiling that was switched off is exit code 7", "[doctor]") {
  const outcome ended = run_in("", {"--doctor"}, {"MALLOC_CONF=prof:false"});
  INFO(ended.out);
  CHECK(ended.status == 7);
  CHECK_THAT(ended.out, ContainsSubstring("failed   heap profiling"));
  CHECK_THAT(ended.out, ContainsSubstring("MALLOC_CONF='prof:false'"));
}

#endif
