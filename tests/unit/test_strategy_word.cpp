// SPDX-License-Identifier: MIT
#include "strategy/word.hpp"

#include "catch.hpp"

using namespace taskworker::strategy;

using options = std::vector<given_option>;

TEST_CASE("a strategy word is taken apart", "[strategy_word]") {
  const auto [text, target, expected, is_path] =
      GENERATE(table<std::string, std::string, options, bool>({
          {"bad", "bad", {}, false},
          {"bad:problems=leak", "bad", {{"problems", "leak"}}, false},
          {"bad:problems=leak,alloc:leak-limit=5",
           "bad",
           {{"problems", "leak,alloc"}, {"leak-limit", "5"}},
           false},
          {"bad:log=", "bad", {{"log", ""}}, false},
          {"bad:rule=a=b", "bad", {{"rule", "a=b"}}, false},
          {"my_own-2", "my_own-2", {}, false},
          {"bad:file=/tmp/x.so", "bad", {{"file", "/tmp/x.so"}}, false},
          {"mine.so", "mine.so", {}, true},
          {"./mine.so:keep=3", "./mine.so", {{"keep", "3"}}, true},
          {"/a:b/mine.so", "/a:b/mine.so", {}, true},
          {"/a:b/mine.so:keep=3", "/a:b/mine.so", {{"keep", "3"}}, true},
          {"dir/mine", "dir/mine", {}, true},
      }));
  CAPTURE(text);
  const word parsed = parse_word(text);
  CHECK(parsed.target == target);
  CHECK(parsed.options == expected);
  CHECK(parsed.is_path() == is_path);
}

TEST_CASE("a strategy word that cannot be read is refused", "[strategy_word]") {
  const auto [text, message] = GENERATE(table<std::string, std::string>({
      {"", "strategy '' names none: expected NAME or PATH, then :k=v for each option"},
      {":a=b", "strategy ':a=b' names none: expected NAME or PATH, then :k=v for each option"},
      {"my strategy",
       "strategy name 'my strategy' may have letters, digits, '_' and '-' only; a path has a '/' "
       "or "
       "ends in .so"},
      {"bad:problems", "strategy option 'problems' has no '=': expected k=v"},
      {"bad:problems:keep=1", "strategy option 'problems' has no '=': expected k=v"},
      {"bad:keep=1:problems", "strategy option 'problems' has no '=': expected k=v"},
      {"bad:", "strategy option '' has no '=': expected k=v"},
      {"bad:=leak", "strategy option '=leak' has no name: expected k=v"},
      {"bad:le ak=1", "strategy option name 'le ak' may have letters, digits, '_' and '-' only"},
  }));
  CAPTURE(text);
  CHECK_THROWS_MATCHES(parse_word(text), word_error, Catch::Matchers::Message(message));
}

TEST_CASE("an option given apart may hold colons", "[strategy_word]") {
  CHECK(parse_option("at=12:30:00") == given_option{"at", "12:30:00"});
  CHECK(parse_option("k=") == given_option{"k", ""});
}

TEST_CASE("an option that cannot be read is refused", "[strategy_word]") {
  const auto [text, message] = GENERATE(table<std::string, std::string>({
      {"", "strategy option '' has no '=': expected k=v"},
      {"keep", "strategy option 'keep' has no '=': expected k=v"},
      {"=1", "strategy option '=1' has no name: expected k=v"},
      {"ke:ep=1", "strategy option name 'ke:ep' may have letters, digits, '_' and '-' only"},
  }));
  CAPTURE(text);
  CHECK_THROWS_MATCHES(parse_option(text), word_error, Catch::Matchers::Message(message));
}

TEST_CASE("names are of ASCII letters, digits, '_' and '-'", "[strategy_word]") {
  for (const char *name : {"a", "Z9", "_", "-", "leak-limit"}) CHECK(is_name(name));
  for (const char *text : {"", " ", "a b", "a.b", "a/b", "a:b", "\xc3\xa9"}) CHECK(!is_name(text));
}
