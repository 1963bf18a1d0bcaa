// SPDX-License-Identifier: MIT
#include "strategy/process_address.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "catch.hpp"

using namespace taskworker::strategy;

namespace {

std::string strategy_file(const std::string &name) {
  const char *const folder = std::getenv("TASKWORKER_TEST_STRATEGIES");
  REQUIRE(folder != nullptr);
  return std::string(folder) + "/" + name + "/" + name + ".so";
}

}  // namespace

TEST_CASE("the function of a strategy lies in its library", "[strategy_process_address]") {
  const library opened(strategy_file("optimized"));
  const std::uintptr_t process = find_process(opened, {});
  Dl_info found{};
  REQUIRE(dladdr(reinterpret_cast<const void *>(process), &found) != 0);
  CHECK(std::filesystem::equivalent(found.dli_fname, opened.path()));
}

TEST_CASE("options are checked as for a run", "[strategy_process_address]") {
  const library opened(strategy_file("optimized"));
  CHECK_THROWS_AS(find_process(opened, {{"keep", "-1"}}), word_error);
}
