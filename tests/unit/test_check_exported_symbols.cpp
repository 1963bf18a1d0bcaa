// SPDX-License-Identifier: MIT
#include "check/exported_symbols.hpp"

#include <cstdlib>
#include <fstream>
#include <string>

#include "catch.hpp"
#include "temporary_file.hpp"

using namespace taskworker::check;

TEST_CASE("a strategy built with a map exports its entry alone", "[check_exported_symbols]") {
  const auto found = read_exported_symbols(std::string(std::getenv("TASKWORKER_TEST_STRATEGIES")) +
                                           "/optimized/optimized.so");
  CHECK(found.strong == std::vector<std::string>{"taskworker_strategy_entry"});
  CHECK(found.weak.empty());
}

TEST_CASE("tables that point out of the file are refused", "[check_exported_symbols]") {
  const temporary_folder folder;
  const std::string path = folder / "short.so";
  std::ofstream(path, std::ios::binary) << "ELF";
  CHECK_THROWS_WITH(read_exported_symbols(path), path + " has tables that point out of the file");
}
