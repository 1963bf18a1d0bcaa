// SPDX-License-Identifier: MIT
#include "http/query.hpp"

#include <string>
#include <utility>

#include "catch.hpp"

using namespace taskworker::http;

namespace {

using pairs = std::vector<std::pair<std::string, std::string>>;

pairs parse(std::string_view text) {
  const auto query = parse_query(text);
  REQUIRE(query);
  pairs found;
  for (const auto &[key, value] : *query) found.emplace_back(key, value);
  return found;
}

}  // namespace

TEST_CASE("percent escapes become bytes", "[http_query]") {
  CHECK(decode_percent("") == "");
  CHECK(decode_percent("/plain+text") == "/plain+text");
  CHECK(decode_percent("%2F%2f%41") == "//A");
  CHECK(decode_percent("%2541") == "%41");  // decoded once
  CHECK(decode_percent("%00") == std::string(1, '\0'));
  CHECK(decode_percent("%ff") == "\xff");
}

TEST_CASE("a broken percent escape is refused", "[http_query]") {
  for (const char *broken : {"%", "a%", "%4", "%g0", "%0g", "%-1", "%+1", "% 1", "%0x", "%%41"}) {
    CAPTURE(broken);
    CHECK_FALSE(decode_percent(broken));
    CHECK_FALSE(parse_query(std::string(broken) + "=1"));
    CHECK_FALSE(parse_query("a=1&b=" + std::string(broken)));
  }
}

TEST_CASE("a query is pairs in order", "[http_query]") {
  CHECK(parse("").empty());
  CHECK(parse("a=1&b=2&a=3") == pairs{{"a", "1"}, {"b", "2"}, {"a", "3"}});
  CHECK(parse("a&b=&=c&=") == pairs{{"a", ""}, {"b", ""}, {"", "c"}, {"", ""}});
  CHECK(parse("&a=1&&b=2&") == pairs{{"a", "1"}, {"b", "2"}});
  CHECK(parse("a=b=c") == pairs{{"a", "b=c"}});
  CHECK(parse("a=?/:@") == pairs{{"a", "?/:@"}});
}

TEST_CASE("the parts of a pair are decoded after they are parted", "[http_query]") {
  CHECK(parse("a%3Db=c%26d") == pairs{{"a=b", "c&d"}});
  CHECK(parse("a+b=c+d") == pairs{{"a b", "c d"}});
  CHECK(parse("a=%2B") == pairs{{"a", "+"}});
}
