// SPDX-License-Identifier: MIT
#include "http/probe.hpp"

#include <string>

#include "catch.hpp"

using namespace taskworker::http;

TEST_CASE("a URL to probe is taken apart", "[http_probe]") {
  struct row {
    const char *url;
    const char *host;
    unsigned port;
    const char *authority;
    const char *target;
  };
  const row rows[] = {
      {"http://127.0.0.1:9090/readyz", "127.0.0.1", 9090, "127.0.0.1:9090", "/readyz"},
      {"http://localhost", "localhost", 80, "localhost", "/"},
      {"http://localhost:/", "localhost", 80, "localhost:", "/"},
      {"http://[::1]/healthz", "::1", 80, "[::1]", "/healthz"},
      {"http://[::1]:65535/a/b?c=d", "::1", 65535, "[::1]:65535", "/a/b?c=d"},
      {"http://worker-bad:9090?x", "worker-bad", 9090, "worker-bad:9090", "/?x"},
  };
  for (const auto &[url, host, port, authority, target] : rows) {
    CAPTURE(url);
    const auto parsed = parse_probe_url(url);
    REQUIRE(parsed);
    CHECK(parsed->host == host);
    CHECK(parsed->port == port);
    CHECK(parsed->authority == authority);
    CHECK(parsed->target == target);
  }
}

TEST_CASE("what is no URL to probe is refused", "[http_probe]") {
  for (const char *url :
       {"", "127.0.0.1:9090", "https://localhost/", "HTTP//localhost", "http://", "http:///readyz",
        "http://user@localhost/", "http://localhost:0/", "http://localhost:65536/",
        "http://localhost/a b", "http://localhost/\r\nX: y", "http://localhost/\xc3\xa4",
        "http://localhost/#part", "http://[::1/"}) {
    CAPTURE(url);
    CHECK_FALSE(parse_probe_url(url));
  }
}
