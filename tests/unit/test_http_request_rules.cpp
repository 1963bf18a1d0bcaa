// SPDX-License-Identifier: MIT
#include "http/request_rules.hpp"

#include <string>
#include <vector>

#include "catch.hpp"

using namespace taskworker::http;

namespace {

constexpr std::uint64_t body_limit = 100;

head get(std::string_view target, std::vector<field> fields = {{"Host", "localhost"}}) {
  return {.method = "GET", .target = target, .fields = std::move(fields)};
}

head post(std::vector<field> fields) {
  fields.push_back({"Host", "localhost"});
  return {.method = "POST", .target = "/", .fields = std::move(fields)};
}

head old_version(head received) {
  received.version = 10;
  return received;
}

checked_head accept(const head &received) {
  auto outcome = check_head(received, body_limit);
  if (const auto *refused = std::get_if<response>(&outcome)) FAIL(refused->body);
  return std::get<checked_head>(std::move(outcome));
}

response refuse(const head &received) {
  auto outcome = check_head(received, body_limit);
  REQUIRE(std::holds_alternative<response>(outcome));
  return std::get<response>(std::move(outcome));
}

struct row {
  head received;
  unsigned status;
  const char *text;
};

void check_refused(const std::vector<row> &rows) {
  for (const auto &[received, status, text] : rows) {
    CAPTURE(received.method, received.target, received.version);
    for (const auto &[name, value] : received.fields) UNSCOPED_INFO(name << ": " << value);
    const auto refused = refuse(received);
    CHECK(refused.status == status);
    CHECK(refused.body == std::string(text) + '\n');
  }
}

}  // namespace

TEST_CASE("one well-formed Host is needed, in every version", "[http_request_rules]") {
  const char *const needed = "a Host header is needed: HOST or HOST:PORT";
  std::vector<row> rows = {
      {get("/", {}), 400, needed},
      {old_version(get("/", {})), 400, needed},
      {get("/", {{"Host", "a"}, {"host", "a"}}), 400, "Host is given twice"},
  };
  for (const char *host : {"", "a/b", "user@a", "a:65536", "::1"}) {
    rows.push_back({get("/", {{"Host", host}}), 400, needed});
  }
  check_refused(rows);
  for (const char *host : {"a", "a.b-c_d", "a:", "a:65535", "1.2.3.4:80", "[::1]", "[::1]:80"}) {
    CAPTURE(host);
    CHECK(accept(get("/", {{"hOST", host}})).incoming.host == host);
  }
}

TEST_CASE("a header that must be alone is refused twice", "[http_request_rules]") {
  for (const char *name : {"Authorization", "Content-Length", "Content-Type", "Expect", "Origin"}) {
    check_refused(
        {{post({{name, "1"}, {name, "1"}}), 400, (std::string(name) + " is given twice").c_str()}});
  }
}

TEST_CASE("the method is one that HTTP knows, in capitals", "[http_request_rules]") {
  auto received = get("/");
  const std::pair<const char *, method> known[] = {
      {"GET", method::get},     {"HEAD", method::head},     {"POST", method::post},
      {"PUT", method::other},   {"DELETE", method::other},  {"PATCH", method::other},
      {"TRACE", method::other}, {"OPTIONS", method::other},
  };
  for (const auto &[name, verb] : known) {
    CAPTURE(name);
    received.method = name;
    CHECK(accept(received).incoming.verb == verb);
  }
  for (const char *unknown : {"get", "Get", "BREW", "GETX", "PROPFIND"}) {
    received.method = unknown;
    check_refused({{received, 501, "unknown method"}});
  }
}

TEST_CASE("CONNECT and OPTIONS * are answered with what is served", "[http_request_rules]") {
  for (const auto &[method_name, target] :
       {std::pair("CONNECT", "localhost:80"), std::pair("OPTIONS", "*")}) {
    auto received = get(target);
    received.method = method_name;
    const auto refused = refuse(received);
    CHECK(refused.status == 405);
    CHECK(refused.body == "this method is not served\n");
    REQUIRE(refused.headers.size() == 1);
    CHECK(refused.headers[0].name == "Allow");
    CHECK(refused.headers[0].value == "GET, HEAD, POST");
  }
}

TEST_CASE("a target is a path, or a URL of the same host", "[http_request_rules]") {
  const char *const visible = "the URL must be visible ASCII without a fragment (#)";
  const char *const differs = "the host of the URL differs from the Host header";
  const char *const start = "the URL must start with /";
  const char *const escape = "the URL has a broken %XX escape";
  check_refused({
      {get("/#frag"), 400, visible},
      {get("/a?b#c"), 400, visible},
      {get("/\x7f"), 400, visible},
      {get("/\t"), 400, visible},
      {get("/h\xc3\xb6"), 400, visible},
      {get("http://other/"), 400, differs},
      {get("http://localhost:80/"), 400, differs},
      {get("http://user@localhost/"), 400, differs},
      {get("http:///"), 400, differs},
      {get("*"), 400, start},
      {get("?a=b"), 400, start},
      {get("localhost:80"), 400, start},
      {get("ftp://localhost/"), 400, start},
      {get("/%"), 400, escape},
      {get("/%4"), 400, escape},
      {get("/?a=%zz"), 400, escape},
  });
}

TEST_CASE("a target is taken apart and decoded", "[http_request_rules]") {
  const auto incoming = accept(get("/a%62c/d?e=f%20g&h")).incoming;
  CHECK(incoming.path == "/abc/d");
  REQUIRE(incoming.query.size() == 2);
  CHECK(incoming.query[0].key == "e");
  CHECK(incoming.query[0].value == "f g");
  CHECK(incoming.query[1].key == "h");

  CHECK(accept(get("/")).incoming.query.empty());
  CHECK(accept(get("/a+b")).incoming.path == "/a+b");
  CHECK(accept(get("/a?/b")).incoming.path == "/a");
  CHECK(accept(get("//evil.example/a")).incoming.path == "//evil.example/a");
  CHECK(accept(get("http://localhost")).incoming.path == "/");
  CHECK(accept(get("HTTP://LOCALHOST/a?b")).incoming.path == "/a");
  CHECK(accept(get("https://localhost/a")).incoming.path == "/a");
  const auto without_path = accept(get("http://localhost?b=c")).incoming;
  CHECK(without_path.path == "/");
  REQUIRE(without_path.query.size() == 1);
  CHECK(without_path.query[0].value == "c");
}

TEST_CASE("what frames a body cannot be read two ways", "[http_request_rules]") {
  const char *const coding = "Transfer-Encoding must be chunked";
  const char *const both = "Transfer-Encoding and Content-Length exclude each other";
  const char *const number = "Content-Length must be a number";
  const field chunked = {"Transfer-Encoding", "chunked"};
  check_refused({
      {old_version(post({chunked})), 400, "Transfer-Encoding is not part of HTTP/1.0"},
      {post({{"Transfer-Encoding", "gzip"}}), 400, coding},
      {post({{"Transfer-Encoding", "gzip, chunked"}}), 400, coding},
      {post({{"Transfer-Encoding", ""}}), 400, coding},
      {post({chunked, chunked}), 400, coding},
      {post({chunked, {"Content-Length", "3"}}), 400, both},
      {post({{"Content-Length", "0"}, {"Transfer-Encoding", "gzip"}}), 400, both},
      {post({{"Content-Length", ""}}), 400, number},
      {post({{"Content-Length", "-1"}}), 400, number},
      {post({{"Content-Length", "+1"}}), 400, number},
      {post({{"Content-Length", "1, 1"}}), 400, number},
      {post({{"Content-Length", "0x10"}}), 400, number},
  });
}

TEST_CASE("a body is allowed on POST, up to the limit", "[http_request_rules]") {
  const char *const large = "the body is too large: at most 100 bytes";
  const char *const none = "GET and HEAD take no body";
  auto with_head = get("/", {{"Host", "localhost"}, {"Content-Length", "1"}});
  with_head.method = "HEAD";
  check_refused({
      {post({{"Content-Length", "101"}}), 413, large},
      {post({{"Content-Length", "2000000"}}), 413, large},
      {post({{"Content-Length", "99999999999999999999999"}}), 413, large},
      {get("/", {{"Host", "localhost"}, {"Content-Length", "1"}}), 413, none},
      {get("/", {{"Host", "localhost"}, {"Transfer-Encoding", "chunked"}}), 413, none},
      {with_head, 413, none},
  });
  CHECK(accept(post({{"Content-Length", "100"}})).has_body);
  CHECK(accept(post({{"Transfer-Encoding", "Chunked"}})).has_body);
  CHECK_FALSE(accept(post({{"Content-Length", "0"}})).has_body);
  CHECK_FALSE(accept(post({})).has_body);
  CHECK_FALSE(accept(get("/", {{"Host", "localhost"}, {"Content-Length", "0"}})).has_body);
}

TEST_CASE("Expect asks for 100 and nothing else", "[http_request_rules]") {
  check_refused({
      {post({{"Expect", "200-ok"}}), 417, "Expect must be 100-continue"},
      {post({{"Expect", ""}}), 417, "Expect must be 100-continue"},
  });
  const field wanted = {"Expect", "100-Continue"};
  CHECK(accept(post({wanted, {"Content-Length", "1"}})).expects_continue);
  CHECK_FALSE(accept(post({wanted})).expects_continue);  // no body to wait for
  CHECK_FALSE(accept(post({{"Content-Length", "1"}})).expects_continue);
  CHECK_FALSE(accept(old_version(post({wanted, {"Content-Length", "1"}}))).expects_continue);
  CHECK(accept(old_version(post({{"Expect", "200-ok"}}))).incoming.verb == method::post);
}

TEST_CASE("the headers that handlers use are copied", "[http_request_rules]") {
  const auto incoming = accept(post({{"AUTHORIZATION", "Bearer x"},
                                     {"content-type", "text/plain"},
                                     {"Origin", "http://localhost"},
                                     {"Accept", "text/html"},
                                     {"accept", "text/plain;q=0.5"}}))
                            .incoming;
  CHECK(incoming.authorization == "Bearer x");
  CHECK(incoming.content_type == "text/plain");
  CHECK(incoming.origin == "http://localhost");
  CHECK(incoming.accept == "text/html, text/plain;q=0.5");
}

TEST_CASE("only what has the form of a version is an unknown one", "[http_request_rules]") {
  for (const char *unknown : {"GET / HTTP/2.0", "GET / HTTP/0.9", "PRI * HTTP/2.0"}) {
    CAPTURE(unknown);
    const auto refused = refuse_version(unknown);
    CHECK(refused.status == 505);
    CHECK(refused.body == "this server speaks HTTP/1.0 and HTTP/1.1\n");
  }
  for (const char *malformed :
       {"", "GET", "GET /", "GET / HTTP/1.1 ", "GET / http/1.1", "GET / HTTP/1.10",
        "GET / HTTP/x.1", "GET / HTTP/1-1", "GET / HTTP/1.x", "GET /a b HTTP/2.0"}) {
    CAPTURE(malformed);
    const auto refused = refuse_version(malformed);
    CHECK(refused.status == 400);
    CHECK(refused.body == "malformed request\n");
  }
}
