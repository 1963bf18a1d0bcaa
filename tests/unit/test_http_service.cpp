// SPDX-License-Identifier: MIT
#include "http/service.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <variant>

#include "catch.hpp"

using namespace taskworker::http;

namespace {

service make_service(bool local, handler serve) {
  router routes;
  routes.add({method::get, "/metrics", access_class::open, serve});
  routes.add({method::post, "/debug", access_class::debug, serve});
  return service(std::move(routes), {.token = "s3cret"}, {}, local);
}

service make_service(bool local) {
  return make_service(local, [](const request &) { return text_response(200, "served"); });
}

head make_head(std::string_view verb, std::string_view target, std::vector<field> more = {}) {
  more.push_back({"Host", "localhost"});
  return {.method = verb, .target = target, .fields = std::move(more)};
}

unsigned refused_status(const service &rules, const head &received) {
  const auto outcome = rules.admit(received);
  const auto *denied = std::get_if<refused>(&outcome);
  return denied == nullptr ? 0 : denied->answer.status;
}

bool closes(const service &rules, const head &received) {
  return std::get<refused>(rules.admit(received)).must_close;
}

response answer_of(bool local, handler serve) {
  const auto rules = make_service(local, std::move(serve));
  return std::get<response>(
      rules.answer(std::get<admitted>(rules.admit(make_head("GET", "/metrics")))));
}

}  // namespace

TEST_CASE("rules come before access, access before the route", "[http_service]") {
  const auto rules = make_service(false);
  const field token = {"Authorization", "Bearer s3cret"};
  CHECK(refused_status(rules, make_head("BREW", "/debug")) == 501);
  CHECK(refused_status(rules, make_head("GET", "/debug#")) == 400);
  CHECK(refused_status(rules, make_head("GET", "/debug")) == 401);
  CHECK(refused_status(rules, make_head("DELETE", "/debug")) == 401);
  CHECK(refused_status(rules, make_head("GET", "/debug", {token})) == 405);
  CHECK(refused_status(rules, make_head("POST", "/debug", {token})) == 0);
  CHECK(refused_status(rules, make_head("GET", "/nothing")) == 404);
  CHECK(refused_status(rules, make_head("POST", "/metrics")) == 405);
  CHECK(refused_status(rules, make_head("HEAD", "/metrics")) == 0);
}

TEST_CASE("the listener decides the access rule", "[http_service]") {
  CHECK(refused_status(make_service(true), make_head("POST", "/debug")) == 0);
  CHECK(refused_status(make_service(false), make_head("POST", "/debug")) == 401);
}

TEST_CASE("a connection is closed where the next request cannot be found", "[http_service]") {
  const auto rules = make_service(false);
  const field body = {"Content-Length", "3"};
  CHECK(closes(rules, make_head("GET", "/a#b")));             // a broken rule
  CHECK(closes(rules, make_head("POST", "/debug", {body})));  // a body that nobody reads
  CHECK(closes(rules, make_head("POST", "/nothing", {body})));
  CHECK_FALSE(closes(rules, make_head("POST", "/debug")));
  CHECK_FALSE(closes(rules, make_head("GET", "/nothing")));
}

TEST_CASE("a handler is given the request", "[http_service]") {
  const auto rules = make_service(true, [](const request &incoming) {
    return text_response(200, incoming.path + (incoming.local ? " local" : ""));
  });
  const auto outcome = rules.admit(
      make_head("POST", "/d%65bug", {{"Content-Length", "3"}, {"Expect", "100-continue"}}));
  const auto &granted = std::get<admitted>(outcome);
  CHECK(granted.has_body);
  CHECK(granted.expects_continue);
  CHECK(std::get<response>(rules.answer(granted)).body == "/debug local\n");
}

TEST_CASE("what a handler throws becomes a 500, with the reason on loopback", "[http_service]") {
  const auto throws_text = [](const request &) -> response { throw std::runtime_error("no room"); };
  const auto throws_number = [](const request &) -> response { throw 7; };
  CHECK(answer_of(true, throws_text).status == 500);
  CHECK(answer_of(true, throws_text).body == "internal error: no room\n");
  CHECK(answer_of(false, throws_text).body == "internal error\n");
  CHECK(answer_of(true, throws_number).status == 500);
  CHECK(answer_of(true, throws_number).body == "internal error\n");
}

TEST_CASE("a handler may defer its answer", "[http_service]") {
  const auto defers = [](const request &) {
    return deferred{std::chrono::seconds(7), [] { return text_response(200, "late"); }};
  };
  const auto rules = make_service(true, defers);
  const auto made = rules.answer(std::get<admitted>(rules.admit(make_head("GET", "/metrics"))));
  const auto &later = std::get<deferred>(made);
  CHECK(later.wait == std::chrono::seconds(7));
  CHECK(rules.finish(later).body == "late\n");
}

TEST_CASE("what the finish of a deferred throws becomes a 500", "[http_service]") {
  const deferred throws_text{{}, []() -> response { throw std::runtime_error("no room"); }};
  const deferred throws_number{{}, []() -> response { throw 7; }};
  CHECK(make_service(true).finish(throws_text).status == 500);
  CHECK(make_service(true).finish(throws_text).body == "internal error: no room\n");
  CHECK(make_service(false).finish(throws_text).body == "internal error\n");
  CHECK(make_service(true).finish(throws_number).body == "internal error\n");
  CHECK(make_service(true).finish({}).status == 500);
}

TEST_CASE("too many slow requests are told when to come again", "[http_service]") {
  const service rules({}, {}, {.slow_requests = 3}, true);
  const auto answer = rules.too_busy();
  CHECK(answer.status == 429);
  CHECK(answer.body ==
        "too many requests that take their time: at most 3 at once; try again later\n");
  REQUIRE(answer.headers.size() == 1);
  CHECK(answer.headers[0].name == "Retry-After");
  CHECK(answer.headers[0].value == "1");
}
