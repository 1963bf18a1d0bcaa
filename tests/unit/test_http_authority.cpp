// SPDX-License-Identifier: MIT
#include <string>

#include "catch.hpp"
#include "http/authority.hpp"

using taskworker::http::is_loopback_name;
using taskworker::http::parse_authority;

TEST_CASE("a host comes with or without a port", "[http_authority]") {
  struct row {
    const char *text, *host;
    bool is_address;
  };
  const auto expected = GENERATE(values<row>({
      {"localhost", "localhost", false},
      {"localhost:9090", "localhost", false},
      {"task_worker-1.example.org:80", "task_worker-1.example.org", false},
      {"example.org.", "example.org", false},
      {"example.org.:1", "example.org", false},
      {"localhost:", "localhost", false},
      {"localhost:0", "localhost", false},
      {"127.0.0.1:65535", "127.0.0.1", true},
      {"10.1.2.3", "10.1.2.3", true},
      {"[::1]", "::1", true},
      {"[2001:db8::7]:9090", "2001:db8::7", true},
      {"127.1", "127.1", false},
      {"127.0.0.1.example.org", "127.0.0.1.example.org", false},
  }));
  CAPTURE(expected.text);
  const auto parsed = parse_authority(expected.text);
  REQUIRE(parsed);
  CHECK(parsed->host == expected.host);
  CHECK(parsed->is_address == expected.is_address);
}

TEST_CASE("what is no host is refused", "[http_authority]") {
  const std::string text =
      GENERATE("", ".", ":80", "a/b", "a b", "a,b", "user@a", "a:b", "a:65536", "a:1:2", "a:-1",
               "::1", "[::1", "[::1]80", "[]", "[127.0.0.1]", "[fe80::1%25eth0]", "a\tb", "%61");
  CAPTURE(text);
  CHECK_FALSE(parse_authority(text));
}

TEST_CASE("localhost and the names below it are loopback names", "[http_authority]") {
  for (const char *name : {"localhost", "LocalHost:80", "a.localhost", "localhost.:9090"}) {
    CAPTURE(name);
    CHECK(is_loopback_name(parse_authority(name).value()));
  }
  for (const char *name : {"notlocalhost", "localhost.example.org", ".localhost", "127.0.0.1"}) {
    CAPTURE(name);
    CHECK_FALSE(is_loopback_name(parse_authority(name).value()));
  }
}
