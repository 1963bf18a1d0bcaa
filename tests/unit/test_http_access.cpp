// SPDX-License-Identifier: MIT
#include "http/access.hpp"

#include <string>

#include "catch.hpp"

using namespace taskworker::http;

namespace {

constexpr unsigned allowed = 200;

access_config with_token() { return {.token = "s3cret"}; }
access_config with_insecure_debug() { return {.insecure_debug = true}; }
access_config with_host(std::string name) { return {.allowed_hosts = {std::move(name)}}; }

request make_request(bool local, std::string host, std::string authorization = "") {
  request incoming;
  incoming.local = local;
  incoming.host = std::move(host);
  incoming.authorization = std::move(authorization);
  return incoming;
}

unsigned status_of(const access_config &config, access_class wanted, const request &incoming) {
  const auto refused = check_access(config, wanted, incoming);
  return refused ? refused->status : allowed;
}

struct row {
  bool local;
  const char *host;
  const char *authorization;
  access_config config;
  unsigned open;   // status for an open resource
  unsigned debug;  // status for a debug resource
};

}  // namespace

TEST_CASE("the access rule, by listener, Host, token, class and method", "[http_access]") {
  constexpr bool loopback = true;
  constexpr bool outside = false;
  const char *const none = "";
  const char *const bearer = "Bearer s3cret";
  const char *const wrong = "Bearer secret";
  const row rows[] = {
      // On loopback the Host decides, and nothing else.
      {loopback, "localhost:9090", none, {}, allowed, allowed},
      {loopback, "127.0.0.1:9090", none, {}, allowed, allowed},
      {loopback, "[::1]:9090", none, {}, allowed, allowed},
      {loopback, "localhost", none, with_token(), allowed, allowed},
      {loopback, "localhost", wrong, with_token(), allowed, allowed},
      {loopback, "evil.example", none, {}, 421, 421},
      {loopback, "evil.example", bearer, with_token(), 421, 421},
      {loopback, "evil.example", none, with_insecure_debug(), 421, 421},
      {loopback, "worker.example", none, with_host("worker.example"), allowed, allowed},
      // Off loopback the token decides, and no Host, not even an allowed one or localhost.
      {outside, "evil.example", none, {}, allowed, 403},
      {outside, "localhost", none, {}, allowed, 403},
      {outside, "10.0.0.7:9090", none, {}, allowed, 403},
      {outside, "worker.example", none, with_host("worker.example"), allowed, 403},
      {outside, "worker.example", bearer, {}, allowed, 403},
      {outside, "worker.example", none, with_token(), allowed, 401},
      {outside, "localhost", none, with_token(), allowed, 401},
      {outside, "worker.example", wrong, with_token(), allowed, 401},
      {outside, "worker.example", bearer, with_token(), allowed, allowed},
      // Without a token to ask for, the Host decides as on loopback, but not on what is open.
      {outside, "worker.example", none, with_insecure_debug(), allowed, 421},
      {outside, "localhost:9090", none, with_insecure_debug(), allowed, allowed},
      {outside, "10.0.0.7:9090", none, with_insecure_debug(), allowed, allowed},
      {outside,
       "worker.example:9090",
       none,
       {.allowed_hosts = {"worker.example"}, .insecure_debug = true},
       allowed,
       allowed},
      {outside,
       "evil.example",
       none,
       {.allowed_hosts = {"worker.example"}, .insecure_debug = true},
       allowed,
       421},
      {outside, "localhost", wrong, {.token = "s3cret", .insecure_debug = true}, allowed, allowed},
  };
  for (const auto &[local, host, authorization, config, open, debug] : rows) {
    for (const auto verb : {method::get, method::head, method::post, method::other}) {
      CAPTURE(local, host, authorization, config.token.has_value(), config.insecure_debug,
              static_cast<int>(verb));
      auto incoming = make_request(local, host, authorization);
      incoming.verb = verb;
      CHECK(status_of(config, access_class::open, incoming) == open);
      CHECK(status_of(config, access_class::debug, incoming) == debug);
    }
  }
}

TEST_CASE("on loopback a Host is known by its name or as an address", "[http_access]") {
  const auto config = with_host("Worker.example");
  for (const char *known :
       {"localhost", "LocalHost:1", "localhost.", "localhost:", "api.localhost:65535", "127.0.0.1",
        "10.1.2.3:80", "[::1]", "[fe80::1]:9090", "worker.EXAMPLE:8080", "worker.example."}) {
    CAPTURE(known);
    CHECK(status_of(config, access_class::open, make_request(true, known)) == allowed);
  }
  for (const char *unknown :
       {"evil.example", "localhost.evil.example", "notlocalhost", ".localhost", "127.0.0.1.evil",
        "127.1", "2130706433", "0x7f000001", "sub.worker.example", "worker.exampl"}) {
    CAPTURE(unknown);
    CHECK(status_of(config, access_class::open, make_request(true, unknown)) == 421);
  }
}

TEST_CASE("a token may come as Bearer or in Basic", "[http_access]") {
  const auto status = [](std::string authorization) {
    return status_of(with_token(), access_class::debug,
                     make_request(false, "worker.example", std::move(authorization)));
  };
  CHECK(status("Bearer s3cret") == allowed);
  CHECK(status("Basic eDpzM2NyZXQ=") == allowed);  // x:s3cret
  CHECK(status("Basic eDp3cm9uZw==") == 401);      // x:wrong
}

TEST_CASE("a debug resource refuses pages of another origin", "[http_access]") {
  const auto status = [](access_class wanted, bool local, std::string origin) {
    auto incoming = make_request(local, "localhost:9090", "Bearer s3cret");
    incoming.origin = std::move(origin);
    return status_of(with_token(), wanted, incoming);
  };
  for (const bool local : {true, false}) {
    for (const char *own : {"", "http://localhost:9090", "https://LOCALHOST:9090"}) {
      CAPTURE(local, own);
      CHECK(status(access_class::debug, local, own) == allowed);
    }
    for (const char *foreign :
         {"null", "http://evil.example", "http://localhost", "http://localhost:9091",
          "http://localhost:9090.evil.example", "localhost:9090"}) {
      CAPTURE(local, foreign);
      CHECK(status(access_class::debug, local, foreign) == 403);
      CHECK(status(access_class::open, local, foreign) == allowed);
    }
  }
}

TEST_CASE("a refusal says what to do", "[http_access]") {
  const auto refuse = [](const access_config &config, bool local) {
    return check_access(config, access_class::debug, make_request(local, "evil.example")).value();
  };
  CHECK(refuse({}, true).body ==
        "this Host is not served here: use localhost or an IP address, or start the server with "
        "--allow-host NAME\n");
  CHECK(refuse({}, false).body ==
        "closed, as the server does not listen on a loopback address: start it with --token-file "
        "FILE, or with --insecure-debug\n");

  const auto needed = refuse(with_token(), false);
  CHECK(needed.body ==
        "a token is needed: send it as Bearer, or as the password of Basic "
        "(http://x:TOKEN@HOST/...)\n");
  REQUIRE(needed.headers.size() == 2);
  CHECK(needed.headers[0].name == "WWW-Authenticate");
  CHECK(needed.headers[0].value == "Basic realm=\"taskworker\"");
  CHECK(needed.headers[1].name == "WWW-Authenticate");
  CHECK(needed.headers[1].value == "Bearer realm=\"taskworker\"");

  auto foreign = make_request(true, "localhost");
  foreign.origin = "http://evil.example";
  CHECK(check_access({}, access_class::debug, foreign).value().body ==
        "refused: the request comes from a page of another origin\n");
}
