// SPDX-License-Identifier: MIT
#include "strategy/text.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

#include "catch.hpp"

using namespace taskworker::strategy;

namespace {

const std::vector<std::string> known{"bad", "optimized", "strategy-opt", "strategy", "tasks"};

}  // namespace

TEST_CASE("a word with few letters wrong is near", "[strategy_text]") {
  const auto [given, expected] = GENERATE(table<std::string, std::string>({
      {"optimised", "optimized"},  // replaced
      {"optimzied", "optimized"},  // swapped
      {"otimized", "optimized"},   // missing
      {"bda", "bad"},              // swapped, in a word that may have one fault
      {"bade", "bad"},             // added
      {"task", "tasks"},           // begun
      {"opt", "optimized"},        // begun, far from its end
      {"strategy", "strategy"},    // the word itself rather than a longer one
      {"xyz", ""},
      {"great", ""},
      {"b", ""},  // too short to tell
      {"", ""},
  }));
  CAPTURE(given);
  CHECK(nearest(given, known) == expected);
}

TEST_CASE("a suggestion has the prefix of its kind", "[strategy_text]") {
  CHECK(did_you_mean("task", known, "--") == " (did you mean --tasks?)");
  CHECK(did_you_mean("elephant", known, "--").empty());
}

TEST_CASE("words are joined by what stands between them", "[strategy_text]") {
  CHECK(join(std::vector<std::string>{"a", "b", "c"}) == "a, b, c");
  CHECK(join(std::vector<std::string>{"a"}) == "a");
  CHECK(join(std::vector<std::string>{}).empty());
}

TEST_CASE("control characters do not get through", "[strategy_text]") {
  CHECK(one_line("a\nb\x1b[31mc\x7f\td") == "a b [31mc  d");
  CHECK(one_line("caf\xc3\xa9") == "caf\xc3\xa9");
}

TEST_CASE("a row keeps its columns", "[strategy_text]") {
  CHECK(row("  left", "some text", 10) == "  left    some text\n");
  CHECK(row("", "some text", 4) == "    some text\n");
  CHECK(row("  alone", "", 10) == "  alone\n");
  // No room for a space between the columns.
  CHECK(row("  too-wide", "text", 10) == "  too-wide\n          text\n");
}

TEST_CASE("a row is broken at spaces within 80 columns", "[strategy_text]") {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "words ";
  std::istringstream lines(row("left", text, 20));
  std::string line;
  std::size_t longest = 0;
  for (std::size_t number = 0; std::getline(lines, line); ++number) {
    longest = std::max(longest, line.size());
    if (number > 0) CHECK(line.find_first_not_of(' ') == 20);
  }
  CHECK(longest <= text_columns);
  CHECK(longest > text_columns - 6);
}

TEST_CASE("a row is not broken between a number and its %", "[strategy_text]") {
  const std::string words(74, 'w');
  CHECK(row("", words + " +0.17 % more", 0) == words + "\n+0.17 % more\n");
  CHECK(row("", words + " 95 % more", 0) == words + " 95 %\nmore\n");
  CHECK(row("", words + " more 5 %", 0) == words + " more\n5 %\n");
}

TEST_CASE("a word that is too long for a row stays whole", "[strategy_text]") {
  const std::string path(100, 'p');
  CHECK(row("a", "b " + path + " c", 4) == "a   b\n    " + path + "\n    c\n");
}
