// SPDX-License-Identifier: MIT
#include "check/check_case.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "catch.hpp"

using namespace taskworker::check;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

TEST_CASE("each case has a name of its own, says what it asserts, and where the rule stands",
          "[check_case]") {
  std::set<std::string> names;
  for (const auto &each : all_cases()) {
    CAPTURE(each.name);
    const std::string name = each.name;
    CHECK(names.insert(name).second);
    CHECK(std::all_of(name.begin(), name.end(),
                      [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; }));
    CHECK(std::string(each.asserts).size() > 10);
    const std::string rule = each.rule;
    CHECK((rule.starts_with("strategy.h") || rule.starts_with("ext/")));
  }
  CHECK(names.size() >= 30);
}

TEST_CASE("that of loading is the first, as all others depend on it", "[check_case]") {
  CHECK(std::string(all_cases().front().name) == "loads-with-all-symbols");
}

TEST_CASE("a case is found by its whole name only", "[check_case]") {
  CHECK(find_case("size-zero") != nullptr);
  CHECK(find_case("size") == nullptr);
  CHECK(find_case("") == nullptr);
}

TEST_CASE("the page on checking tells of each case in the same words", "[check_case]") {
  std::ostringstream page;
  page << std::ifstream(TASKWORKER_SOURCE_ROOT "/strategies/CHECKING.md").rdbuf();
  for (const auto &each : all_cases()) {
    CHECK_THAT(page.str(),
               ContainsSubstring("| `" + std::string(each.name) + "` | " + each.asserts + " |\n"));
  }
}
