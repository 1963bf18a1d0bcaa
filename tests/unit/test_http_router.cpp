// SPDX-License-Identifier: MIT
#include "http/router.hpp"

#include <stdexcept>
#include <string>
#include <variant>

#include "catch.hpp"

using namespace taskworker::http;

namespace {

route make_route(method verb, std::string path, access_class access, std::string answer) {
  return {verb, std::move(path), access,
          [answer](const request &) { return text_response(200, answer); }};
}

router make_router() {
  router routes;
  routes.add(make_route(method::get, "/metrics", access_class::open, "figures"))
      .add(make_route(method::get, "/both", access_class::open, "read"))
      .add(make_route(method::post, "/both", access_class::debug, "changed"))
      .add(make_route(method::post, "/change", access_class::debug, "changed"));
  return routes;
}

// What the route answers; empty without a route.
std::string served(const router &routes, method verb, std::string_view path) {
  const auto *found = routes.find(verb, path);
  return found == nullptr ? "" : std::get<response>(found->serve({})).body;
}

}  // namespace

TEST_CASE("a route is found by method and whole path", "[http_router]") {
  const auto routes = make_router();
  CHECK(served(routes, method::get, "/metrics") == "figures\n");
  CHECK(served(routes, method::head, "/metrics") == "figures\n");
  CHECK(served(routes, method::get, "/both") == "read\n");
  CHECK(served(routes, method::post, "/both") == "changed\n");
  CHECK(served(routes, method::post, "/change") == "changed\n");

  CHECK(served(routes, method::post, "/metrics").empty());
  CHECK(served(routes, method::other, "/both").empty());
  CHECK(served(routes, method::get, "/change").empty());
  CHECK(served(routes, method::head, "/change").empty());
  for (const char *unknown : {"", "/", "/metric", "/metrics/", "/Metrics", "//metrics"}) {
    CAPTURE(unknown);
    CHECK(served(routes, method::get, unknown).empty());
  }
}

TEST_CASE("a path is as closed as its strictest route", "[http_router]") {
  const auto routes = make_router();
  CHECK(routes.access_of("/metrics") == access_class::open);
  CHECK(routes.access_of("/both") == access_class::debug);
  CHECK(routes.access_of("/change") == access_class::debug);
  CHECK(routes.access_of("/nothing") == access_class::open);
  CHECK(route().access == access_class::debug);  // open is what must be said
}

TEST_CASE("another method on a known path is told what is allowed", "[http_router]") {
  const auto routes = make_router();
  const std::pair<const char *, const char *> rows[] = {
      {"/metrics", "GET, HEAD"}, {"/both", "GET, HEAD, POST"}, {"/change", "POST"}};
  for (const auto &[path, allowed] : rows) {
    CAPTURE(path);
    const auto refused = routes.refuse(path);
    CHECK(refused.status == 405);
    CHECK(refused.body == "this resource takes " + std::string(allowed) + "\n");
    REQUIRE(refused.headers.size() == 1);
    CHECK(refused.headers[0].name == "Allow");
    CHECK(refused.headers[0].value == allowed);
  }
}

TEST_CASE("an unknown path is answered with the known ones", "[http_router]") {
  const auto refused = make_router().refuse("/<script>");
  CHECK(refused.status == 404);
  CHECK(refused.body == "not found; there is: /metrics /both /change\n");
  CHECK(refused.headers.empty());
}

TEST_CASE("a route that cannot be served is a mistake in the program", "[http_router]") {
  auto routes = make_router();
  const auto add = [&](method verb, const char *path) {
    routes.add(make_route(verb, path, access_class::open, ""));
  };
  CHECK_THROWS_AS(add(method::get, "/metrics"), std::logic_error);
  CHECK_THROWS_AS(add(method::head, "/new"), std::logic_error);
  CHECK_THROWS_AS(add(method::other, "/new"), std::logic_error);
  CHECK_THROWS_AS(add(method::get, "new"), std::logic_error);
  CHECK_THROWS_AS(add(method::get, ""), std::logic_error);
  CHECK_THROWS_WITH(routes.add({method::get, "/new", access_class::open, nullptr}),
                    "route /new: a new path that starts with /, get or post, and a handler are "
                    "needed");
  CHECK_NOTHROW(add(method::post, "/metrics"));
}
