// SPDX-License-Identifier: MIT
#include "cli/help.hpp"

#include <sstream>
#include <string>

#include "catch.hpp"
#include "cli/option_table.hpp"

using namespace taskworker::cli;

TEST_CASE("the help names every option and keeps within 80 columns", "[cli_help]") {
  const std::string text = help_text();
  for (const auto &group : option_groups()) {
    for (const auto &option : group.options) {
      CAPTURE(option.name);
      CHECK(text.find("\n  --" + option.name + (option.is_switch() ? " " : "=")) !=
            std::string::npos);
      CHECK(!option.help.empty());
    }
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(line.size() <= 80);
    CHECK(!line.ends_with(' '));
  }
}

TEST_CASE("the help shows the defaults of a run", "[cli_help]") {
  const std::string text = help_text();
  for (const char *shown : {"default 1000,", "default 10\n", "default 100\n", "default 30s\n",
                            "default 5s\n", "default 127.0.0.1:9090", "default 512K"}) {
    CAPTURE(shown);
    CHECK(text.find(shown) != std::string::npos);
  }
}

TEST_CASE("the version is that of program and interface", "[cli_help]") {
  const std::string text = version_text();
  const std::string first = text.substr(0, text.find('\n'));
  CHECK(first.starts_with("taskworker 0."));
  CHECK(first.find(" (") != std::string::npos);
  CHECK(first.ends_with(')'));
  CHECK(text.find("\nstrategy interface  1.0\n") != std::string::npos);
  CHECK(text.find("\nBoost               1.") != std::string::npos);
}
