// SPDX-License-Identifier: MIT
#include <cstdint>

#include "catch.hpp"
#include "profiling/format/measured_value.hpp"

using taskworker::profiling::format_value;

TEST_CASE("times are shown in the unit that reads best", "[profiling_measured_value]") {
  CHECK(format_value(0, "nanoseconds") == "0 ns");
  CHECK(format_value(999, "nanoseconds") == "999 ns");
  CHECK(format_value(1'000, "nanoseconds") == "1.00 us");
  CHECK(format_value(999'600, "nanoseconds") == "1.00 ms");
  CHECK(format_value(12'340'000, "nanoseconds") == "12.3 ms");
  CHECK(format_value(4'210'000'000, "nanoseconds") == "4.21 s");
  CHECK(format_value(3'600'000'000'000, "nanoseconds") == "3600 s");
}

TEST_CASE("memory is shown in powers of 1,024", "[profiling_measured_value]") {
  CHECK(format_value(999, "bytes") == "999 B");
  CHECK(format_value(1'024, "bytes") == "1.00 KiB");
  CHECK(format_value((1 << 20) - 1, "bytes") == "1.00 MiB");
  CHECK(format_value(3'565'158, "bytes") == "3.40 MiB");
  CHECK(format_value(INT64_MAX, "bytes") == "8388608 TiB");
}

TEST_CASE("counts have commas, and other units their name", "[profiling_measured_value]") {
  CHECK(format_value(999, "count") == "999");
  CHECK(format_value(1'234'567, "count") == "1,234,567");
  CHECK(format_value(1'500, "cycles") == "1,500 cycles");
}
