// SPDX-License-Identifier: MIT
#include "strategy/options.hpp"

#include <cstdint>
#include <sstream>

#include "catch.hpp"

using namespace taskworker::strategy;

namespace {

constexpr const char *problems[] = {"leak", "capacity", "alloc", nullptr};
constexpr const char *speeds[] = {"fast", "slow", nullptr};
constexpr auto smallest = INT64_MIN;
constexpr auto largest = INT64_MAX;

constexpr taskworker_option list[] = {
    {"problems", "The faults that are made.", "leak,capacity,alloc", problems, 0, 0,
     TASKWORKER_OPTION_SET, 0},
    {"keep", "Results that are kept, a count.", "1000", nullptr, 1, 1000, TASKWORKER_OPTION_INTEGER,
     0},
    {"speed", "How fast it goes.", "fast", speeds, 0, 0, TASKWORKER_OPTION_CHOICE, 0},
    {"loud", "Says what it does.", "false", nullptr, 0, 0, TASKWORKER_OPTION_FLAG, 0},
    {"title", "What to call it.", "", nullptr, 0, 0, TASKWORKER_OPTION_TEXT, 0},
};
constexpr taskworker_options declared{list, 5};
constexpr taskworker_options none{nullptr, 0};

using options = std::vector<given_option>;

}  // namespace

TEST_CASE("options not given have their defaults", "[strategy_options]") {
  CHECK(resolve_options(declared, {}, "bad") == options{{"problems", "leak,capacity,alloc"},
                                                        {"keep", "1000"},
                                                        {"speed", "fast"},
                                                        {"loud", "false"},
                                                        {"title", ""}});
  CHECK(resolve_options(none, {}, "bad").empty());
}

TEST_CASE("options come in the order of declaration, the last one given holds",
          "[strategy_options]") {
  const options given{{"title", "x"}, {"keep", "1"}, {"keep", "2"}, {"problems", "none"}};
  CHECK(resolve_options(declared, given, "bad") == options{{"problems", "none"},
                                                           {"keep", "2"},
                                                           {"speed", "fast"},
                                                           {"loud", "false"},
                                                           {"title", "x"}});
}

TEST_CASE("options that the strategy does not have are refused", "[strategy_options]") {
  const auto message_for = [](const taskworker_options &of, const std::string &name) {
    const options given{{name, "1"}};
    try {
      (void)resolve_options(of, given, "bad");
      return std::string("nothing was thrown");
    } catch (const word_error &error) {
      return std::string(error.what());
    }
  };
  CHECK(message_for(declared, "problem") ==
        "strategy 'bad' has no option 'problem' (did you mean problems?); it has problems, keep, "
        "speed, loud, title");
  CHECK(message_for(declared, "x") ==
        "strategy 'bad' has no option 'x'; it has problems, keep, speed, loud, title");
  CHECK(message_for(none, "keep") == "strategy 'bad' has no option 'keep'; it has none");
}

TEST_CASE("values that the declaration does not allow are refused", "[strategy_options]") {
  const auto [name, value, expected] = GENERATE(table<std::string, std::string, std::string>({
      {"keep", "0", "integer, 1 to 1000"},
      {"keep", "1001", "integer, 1 to 1000"},
      {"keep", "-1", "integer, 1 to 1000"},
      {"keep", "+1", "integer, 1 to 1000"},
      {"keep", " 1", "integer, 1 to 1000"},
      {"keep", "1k", "integer, 1 to 1000"},
      {"keep", "", "integer, 1 to 1000"},
      {"keep", "99999999999999999999", "integer, 1 to 1000"},
      {"speed", "medium", "one of fast,slow"},
      {"speed", "", "one of fast,slow"},
      {"loud", "yes", "true or false"},
      {"problems", "", "some of leak,capacity,alloc, or none"},
      {"problems", "leak,", "some of leak,capacity,alloc, or none"},
      {"problems", "leak,rust", "some of leak,capacity,alloc, or none"},
      {"problems", "leak,leak", "some of leak,capacity,alloc, or none"},
      {"problems", "leak,none", "some of leak,capacity,alloc, or none"},
  }));
  CAPTURE(name, value);
  const options given{{name, value}, {name, "overruled"}};
  CHECK_THROWS_MATCHES(resolve_options(declared, given, "bad"), word_error,
                       Catch::Matchers::Message("option '" + name + "' of strategy 'bad' got '" +
                                                value + "': expected " + expected));
}

TEST_CASE("values that the declaration allows are passed on as they are", "[strategy_options]") {
  const auto [name, value] = GENERATE(table<std::string, std::string>({
      {"keep", "1"},
      {"keep", "1000"},
      {"speed", "slow"},
      {"loud", "true"},
      {"problems", "alloc"},
      {"problems", "alloc,leak"},
      {"title", "any: thing, at all"},
  }));
  CAPTURE(name, value);
  bool is_there = false;
  for (const auto &option : resolve_options(declared, options{{name, value}}, "bad")) {
    is_there = is_there || option == given_option{name, value};
  }
  CHECK(is_there);
}

TEST_CASE("integers may have every value of 64 bits", "[strategy_options]") {
  const taskworker_option option{
      "n", "A number.", "0", nullptr, smallest, largest, TASKWORKER_OPTION_INTEGER, 0};
  CHECK(allows(option, "-9223372036854775808"));
  CHECK(allows(option, "9223372036854775807"));
  CHECK(!allows(option, "9223372036854775808"));
}

TEST_CASE("a value of an unknown type is never allowed", "[strategy_options]") {
  const taskworker_option option{"n", "A number.", "0", nullptr, 0, 0, 99, 0};
  CHECK(!allows(option, "0"));
}

TEST_CASE("the options are described with type and default", "[strategy_options]") {
  CHECK(describe_options(none) == "Options: none.\n");
  CHECK(describe_options(declared) ==
        "Options, as --strategy-opt NAME=VALUE:\n"
        "  problems          The faults that are made.\n"
        "                    some of leak,capacity,alloc, or none; default\n"
        "                    leak,capacity,alloc\n"
        "  keep              Results that are kept, a count.\n"
        "                    integer, 1 to 1000; default 1000\n"
        "  speed             How fast it goes.\n"
        "                    one of fast,slow; default fast\n"
        "  loud              Says what it does.\n"
        "                    true or false; default false\n"
        "  title             What to call it.\n"
        "                    any text; default ''\n");
}
