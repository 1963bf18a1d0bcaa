// SPDX-License-Identifier: MIT
#include "http/head.hpp"

#include <string>

#include "catch.hpp"

using namespace taskworker::http;

namespace {

constexpr head_limits small = {.bytes = 100, .request_line = 20, .fields = 3};

struct result {
  head_state state;
  std::size_t begin;
  std::size_t end;
  unsigned status;  // of the refusal
  std::string text;
};

result result_of(const head_scanner &scanner, head_state state) {
  return {state, scanner.begin(), scanner.end(), scanner.refusal().status, scanner.refusal().body};
}

// Scans bytes one by one, as a slow client sends them, and all at once: what comes out
// must be the same.
result scan(const std::string &received) {
  head_scanner slow(small);
  auto state = head_state::incomplete;
  for (std::size_t size = 1; size <= received.size() && state == head_state::incomplete; ++size) {
    state = slow.scan(std::string_view(received).substr(0, size));
  }
  head_scanner fast(small);
  REQUIRE(fast.scan(received) == state);
  if (state == head_state::complete) CHECK(fast.end() == slow.end());
  if (state == head_state::refused) CHECK(fast.refusal().body == slow.refusal().body);
  return result_of(slow, state);
}

void check_refused(const std::string &received, unsigned status, const std::string &text) {
  CAPTURE(received);
  const auto found = scan(received);
  REQUIRE(found.state == head_state::refused);
  CHECK(found.status == status);
  CHECK(found.text == text + '\n');
}

std::string filled_to(std::size_t size) {
  const std::string start = "GET / HTTP/1.1\r\na: ";
  const std::string end = "\r\n\r\n";
  return start + std::string(size - start.size() - end.size(), 'x') + end;
}

}  // namespace

TEST_CASE("a head ends at the first empty line", "[http_head]") {
  const std::string one = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  const auto found = scan(one + "GET /next");
  CHECK(found.state == head_state::complete);
  CHECK(found.begin == 0);
  CHECK(found.end == one.size());
  CHECK(scan("GET /\r\n\r\n").state == head_state::complete);  // the parser will refuse it
}

TEST_CASE("a head may come in pieces", "[http_head]") {
  const std::string one = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  for (std::size_t size = 0; size < one.size(); ++size) {
    CHECK(scan(one.substr(0, size)).state == head_state::incomplete);
  }
}

TEST_CASE("one empty line may stand before a head", "[http_head]") {
  const auto found = scan("\r\nGET / HTTP/1.1\r\n\r\n");
  CHECK(found.state == head_state::complete);
  CHECK(found.begin == 2);
  CHECK(found.end == 20);
  check_refused("\r\n\r\nGET", 400, "malformed request: no request line");
}

TEST_CASE("bytes that two readers take differently are refused", "[http_head]") {
  const char *const line_end = "malformed request: every line of the head ends in CR LF";
  check_refused("GET / HTTP/1.1\nHost: a\n\n", 400, line_end);
  check_refused("GET / HTTP/1.1\r\nHost: a\n", 400, line_end);
  check_refused("GET / HTTP/1.1\rHost: a", 400, line_end);
  check_refused("GET / HTTP/1.1\r\r\n", 400, line_end);
  check_refused("\n", 400, line_end);

  const char *const blank = "malformed request: a line of the head starts with a blank";
  check_refused("GET / HTTP/1.1\r\na: b\r\n c\r\n\r\n", 400, blank);
  check_refused("GET / HTTP/1.1\r\na: b\r\n\tc\r\n\r\n", 400, blank);
  check_refused("GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400, blank);
  check_refused(" GET / HTTP/1.1\r\n", 400, blank);

  const char *const control =
      "malformed request: control byte in the head (this server speaks plain HTTP, not TLS)";
  check_refused(std::string("GET /\0", 6), 400, control);
  check_refused("GET / HTTP/1.1\r\na: \x01", 400, control);
  check_refused("GET / HTTP/1.1\r\na: \x7f", 400, control);
  check_refused("\x16\x03\x01", 400, control);  // how TLS begins
  CHECK(scan("GET / HTTP/1.1\r\na: \t\xc3\xb6\r\n\r\n").state == head_state::complete);
}

TEST_CASE("a head keeps within its bytes", "[http_head]") {
  const char *const large = "the headers are too large: fewer or shorter ones are needed";
  CHECK(scan(filled_to(small.bytes)).state == head_state::complete);
  check_refused(filled_to(small.bytes + 1), 431, large);
  check_refused("\r\n" + filled_to(small.bytes - 1), 431, large);  // the empty line counts
}

TEST_CASE("a request line keeps within its bytes", "[http_head]") {
  const std::string line = "GET /45678 HTTP/1.1x";
  REQUIRE(line.size() == small.request_line);
  CHECK(scan(line + "\r\n\r\n").state == head_state::complete);
  check_refused(line + "x\r\n\r\n", 414, "the URL is too long");
  check_refused(std::string(1000, 'x'), 414, "the URL is too long");
}

TEST_CASE("a head keeps within its number of headers", "[http_head]") {
  const std::string line = "GET / HTTP/1.1\r\n";
  CHECK(scan(line + "a: 1\r\nb: 2\r\nc: 3\r\n\r\n").state == head_state::complete);
  check_refused(line + "a: 1\r\nb: 2\r\nc: 3\r\nd: 4\r\n", 431, "too many headers");
}
