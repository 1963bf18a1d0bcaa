// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "http/date.hpp"

using taskworker::http::format_date;

TEST_CASE("dates are written as RFC 9110 has them", "[http_date]") {
  CHECK(format_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(format_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(format_date(1709251199) == "Thu, 29 Feb 2024 23:59:59 GMT");
}
