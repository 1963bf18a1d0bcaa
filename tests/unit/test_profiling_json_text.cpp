// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>

#include "catch.hpp"
#include "profiling/format/json_text.hpp"

using taskworker::profiling::json_text;

namespace {

std::string quoted(std::string_view text) {
  json_text json;
  json.value(text);
  return json.take();
}

}  // namespace

TEST_CASE("commas stand between items, at any depth", "[profiling_json_text]") {
  json_text json;
  json.open('{');
  json.member("a", std::int64_t{-1});
  json.open('[', "b");
  json.value("x");
  json.open('[');
  json.close(']');
  json.value(std::int64_t{2});
  json.close(']');
  json.member("c", std::string_view("y"));
  json.close('}');
  CHECK(json.take() == R"({"a":-1,"b":["x",[],2],"c":"y"})");
}

TEST_CASE("a text cannot end its string, nor the script element", "[profiling_json_text]") {
  CHECK(quoted("</script>") == R"("\u003c/script\u003e")");
  CHECK(quoted("<!--") == R"("\u003c!--")");
  CHECK(quoted("a\"b\\c\n&") == R"("a\u0022b\u005cc\u000a\u0026")");
  CHECK(quoted(std::string_view("\0", 1)) == R"("\u0000")");
}

TEST_CASE("UTF-8 stays, what is none becomes a replacement character", "[profiling_json_text]") {
  CHECK(quoted("h\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80") ==
        "\"h\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"");
  CHECK(quoted("\xff"
               "a") == R"("\ufffda")");
  CHECK(quoted("\xc3") == R"("\ufffd")");
  CHECK(quoted("\xc0\xaf") == R"("\ufffd\ufffd")");            // longer than it must be
  CHECK(quoted("\xe0\x80\xaf") == R"("\ufffd\ufffd\ufffd")");  // as well
  CHECK(quoted("\xed\xa0\x80") == R"("\ufffd\ufffd\ufffd")");  // half of a pair
  CHECK(quoted("\xf4\x90\x80\x80") == R"("\ufffd\ufffd\ufffd\ufffd")");
}
