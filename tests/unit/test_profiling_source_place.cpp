// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "profiling/symbols/source_place.hpp"

using taskworker::profiling::describe;
using taskworker::profiling::source_place;

TEST_CASE("a place is told in a few words", "[profiling_source_place]") {
  source_place place;
  place.offset = 0x1f40;
  CHECK(describe(place) == "0x1f40");
  place.module = "/lib/strategies/bad.so";
  CHECK(describe(place) == "bad.so+0x1f40");
  place.function = "start_helper";
  CHECK(describe(place) == "bad.so (start_helper)");
  place.file = "strategies/bad/bad.cpp";
  place.line = 123;
  CHECK(describe(place) == "bad.cpp:123 (start_helper)");
  place.function = "bad::(anonymous namespace)::queue::push";
  CHECK(describe(place) == "bad.cpp:123 (bad::queue::push)");
  place.function.clear();
  CHECK(describe(place) == "bad.cpp:123");
}
