// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "metrics/units.hpp"

using namespace taskworker::metrics;

TEST_CASE("counts are grouped by thousands", "[metrics_units]") {
  CHECK(with_commas(0) == "0");
  CHECK(with_commas(999) == "999");
  CHECK(with_commas(1000) == "1,000");
  CHECK(with_commas(18446744073709551615u) == "18,446,744,073,709,551,615");
}

TEST_CASE("bytes come in the unit that fits", "[metrics_units]") {
  CHECK(in_bytes(0) == "0 B");
  CHECK(in_bytes(999) == "999 B");
  CHECK(in_bytes(1000) == "0.98 KiB");
  CHECK(in_bytes(1024) == "1.00 KiB");
  CHECK(in_bytes(672'666) == "657 KiB");
  CHECK(in_bytes(1024 * 1024 - 1) == "1.00 MiB");
  CHECK(in_bytes(3'565'158) == "3.40 MiB");
  CHECK(in_bytes(5ull << 40) == "5.00 TiB");
  CHECK(in_bytes(5000ull << 40) == "5000 TiB");
}

TEST_CASE("times come in the unit that fits, with three digits", "[metrics_units]") {
  CHECK(in_time(0) == "0 ns");
  CHECK(in_time(85e-9) == "85 ns");
  CHECK(in_time(2.1e-6) == "2.10 us");
  CHECK(in_time(999.6e-9) == "1.00 us");
  CHECK(in_time(0.0213) == "21.3 ms");
  CHECK(in_time(30) == "30.0 s");
  CHECK(in_time(3600) == "3600 s");
}

TEST_CASE("other numbers keep three digits", "[metrics_units]") {
  CHECK(rounded(0) == "0");
  CHECK(rounded(0.374) == "0.37");
  CHECK(rounded(21.34) == "21.3");
  CHECK(rounded(999.4) == "999");
  CHECK(rounded(3412.4) == "3,412");
}

TEST_CASE("one is singular, all else plural", "[metrics_units]") {
  CHECK(counted(0, "job") == "0 jobs");
  CHECK(counted(1, "job") == "1 job");
  CHECK(counted(1000, "job") == "1,000 jobs");
}
