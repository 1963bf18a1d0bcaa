// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "endpoints/switches.hpp"

using taskworker::endpoints::read_switch;

TEST_CASE("a switch is on, off or not understood", "[endpoints_switches]") {
  CHECK(read_switch("sampling=on") == true);
  CHECK(read_switch("sampling=off") == false);
  for (const char *bad : {"", "on", "sampling", "sampling=", "sampling=1", "sampling=on&x=1"}) {
    CAPTURE(bad);
    CHECK_FALSE(read_switch(bad).has_value());
  }
}
