// SPDX-License-Identifier: MIT
#include "cli/check_line.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "catch.hpp"
#include "check/check_case.hpp"

using namespace taskworker::cli;
using namespace std::chrono_literals;
using strings = std::vector<std::string>;

namespace {

/// As `taskworker check WORDS...`.
command parse_words(const strings &words) {
  std::vector<const char *> argv{"taskworker", "check"};
  for (const auto &word : words) argv.push_back(word.c_str());
  return parse(static_cast<int>(argv.size()), argv.data());
}

check_command parse_good(const strings &words) {
  return std::get<check_command>(parse_words(words));
}

strings names_of(const check_command &asked) {
  strings names;
  for (const auto *each : asked.cases) names.emplace_back(each->name);
  return names;
}

std::string refusal_of(const strings &words) {
  try {
    static_cast<void>(parse_words(words));
  } catch (const usage_error &error) {
    return error.what();
  }
  return "taken";
}

}  // namespace

TEST_CASE("a check has a strategy, all cases and ten seconds for each", "[cli_check_line]") {
  const auto asked = parse_good({"bad:problems=none"});
  CHECK(asked.word == "bad:problems=none");
  CHECK(asked.strategy.target == "bad");
  REQUIRE(asked.strategy.options.size() == 1);
  CHECK(names_of(asked) == taskworker::check::case_names());
  CHECK(asked.time_limit == 10s);
  CHECK_FALSE(asked.is_in_process);
  CHECK_FALSE(asked.is_json);
  CHECK_FALSE(asked.result_descriptor);
}

TEST_CASE("every option of a check is read", "[cli_check_line]") {
  const auto asked = parse_good({"--time-limit=250ms", "--in-process", "./mine.so", "--json",
                                 "--strategy-dir=a", "--strategy-dir=b", "--result-fd=7"});
  CHECK(asked.word == "./mine.so");
  CHECK(asked.time_limit == 250ms);
  CHECK(asked.is_in_process);
  CHECK(asked.is_json);
  CHECK(asked.strategy_dirs == strings{"a", "b"});
  CHECK(asked.result_descriptor == 7);
}

TEST_CASE("cases are named one by one or with commas, and run in their own order",
          "[cli_check_line]") {
  const auto asked =
      parse_good({"--only=size-one,descriptor", "x", "--only=size-zero", "--only=size-one"});
  CHECK(names_of(asked) == strings{"descriptor", "size-zero", "size-one"});
}

TEST_CASE("what a check cannot be is refused", "[cli_check_line]") {
  const auto [words, expected] = GENERATE(table<strings, std::string>({
      {strings{}, "check got no strategy: expected one, as in taskworker check optimized"},
      {{"a", "b"}, "check got 2 strategies: expected one, as in taskworker check optimized"},
      {{"a", "--only=size-on"},
       "--only got 'size-on', which is no case (did you mean size-one?); taskworker check --list "
       "shows all"},
      {{"a", "--only="}, "--only needs a value: --only=CASE"},
      {{"a", "--only=size-one,"},
       "--only got '', which is no case; taskworker check --list shows all"},
      {{"a", "--time-limit=0"},
       "--time-limit got '0': expected a time such as 500ms, 30s, 5m or 2h, 1ms to 10 years"},
      {{"a", "--onyl=x"},
       "unknown option --onyl (did you mean --only?); taskworker check --help shows all"},
  }));
  CHECK(refusal_of(words) == expected);
}

TEST_CASE("'check' that does not come first is told from a stray word", "[cli_check_line]") {
  const std::vector<const char *> argv{"taskworker", "--quiet", "check", "optimized"};
  CHECK_THROWS_WITH(parse(static_cast<int>(argv.size()), argv.data()),
                    "'check' comes first, its options after it: taskworker check optimized");
}

TEST_CASE("help and list of a check fit a terminal, and the list names every case",
          "[cli_check_line]") {
  for (const char *word : {"--help", "--list"}) {
    const auto text = std::get<print_command>(parse_words({word})).text;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      CAPTURE(line);
      CHECK(line.size() <= 80);
    }
    CHECK(text.find("result-fd") == std::string::npos);
  }
  const auto list = std::get<print_command>(parse_words({"--list"})).text;
  for (const auto &name : taskworker::check::case_names()) {
    CAPTURE(name);
    CHECK(list.find(name) != std::string::npos);
  }
}
