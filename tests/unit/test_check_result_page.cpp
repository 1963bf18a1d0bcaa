// SPDX-License-Identifier: MIT
#include "check/result_page.hpp"

#include <unistd.h>

#include <string>

#include "catch.hpp"

using namespace taskworker::check;

TEST_CASE("the first verdict of a page holds", "[check_result_page]") {
  result_page page;
  CHECK_FALSE(page.concluded().has_value());
  CHECK(page.conclude(outcome::failed, "strategy.h (4)", "it threw"));
  CHECK_FALSE(page.conclude(outcome::passed, "", ""));
  REQUIRE(page.concluded().has_value());
  CHECK(page.concluded()->what == outcome::failed);
  CHECK(page.concluded()->rule == "strategy.h (4)");
  CHECK(page.concluded()->detail == "it threw");
}

TEST_CASE("texts that are too long are cut", "[check_result_page]") {
  result_page page;
  page.set_strategy(std::string(1000, 'n'), "1.0.0");
  page.conclude(outcome::failed, "r", std::string(100'000, 'd'));
  CHECK(page.strategy_name() == std::string(127, 'n'));
  CHECK(page.strategy_version() == "1.0.0");
  CHECK(page.concluded()->detail == std::string(4095, 'd'));
}

TEST_CASE("a shared page is seen through its descriptor", "[check_result_page]") {
  shared_page parent;
  {
    shared_page child(::dup(parent.descriptor()));
    child.page().enter(call::stop);
    child.page().set_usage_error("no such option");
    child.page().conclude(outcome::skipped, "", "why");
  }
  CHECK(parent.page().last_call() == call::stop);
  CHECK(parent.page().usage_error() == "no such option");
  CHECK(parent.page().concluded()->detail == "why");
}
