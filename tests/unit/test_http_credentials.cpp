// SPDX-License-Identifier: MIT
#include <string>

#include "catch.hpp"
#include "http/credentials.hpp"

using taskworker::http::presents_token;

TEST_CASE("Bearer and Basic present a token, whatever the user", "[http_credentials]") {
  // x:s3cret, :s3cret, any-user:s3cret
  const std::string value =
      GENERATE("Bearer s3cret", "bearer s3cret", "BEARER  s3cret",
               "Basic eDpzM2NyZXQ=", "basic OnMzY3JldA==", "Basic YW55LXVzZXI6czNjcmV0",
               "Basic eDpzM2NyZXQ");
  CAPTURE(value);
  CHECK(presents_token(value, "s3cret"));
}

TEST_CASE("the first colon of Basic ends the user: a token may hold more", "[http_credentials]") {
  CHECK(presents_token("Basic eDphOmI=", "a:b"));  // x:a:b
}

TEST_CASE("anything else does not present it", "[http_credentials]") {
  // s3cret:x, s3cret, x:s3cre, x:s3crets3cret
  const std::string value = GENERATE(
      "", "s3cret", "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3crett", "Bearer s3crets3cret",
      "Bearer S3CRET", "Digest s3cret", "Basic s3cret", "Basic czNjcmV0Ong=", "Basic czNjcmV0",
      "Basic eDpzM2NyZQ==", "Basic eDpzM2NyZXRzM2NyZXQ=", "Basic eDpz*2NyZXQ=", "Basic ");
  CAPTURE(value);
  CHECK_FALSE(presents_token(value, "s3cret"));
}

TEST_CASE("an empty token is never presented", "[http_credentials]") {
  CHECK_FALSE(presents_token("Bearer ", ""));
  CHECK_FALSE(presents_token("Basic eDo=", ""));  // x:
}
