// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include "catch.hpp"
#include "compare_results.hpp"

using namespace taskworker;
using compare_results::quiet_place;
using lines = std::vector<std::string>;

TEST_CASE("a quiet machine is not warned of", "[compare_environment]") {
  CHECK(quiet_place().warnings(10) == lines{});
  auto where = quiet_place();
  where.machine.governor = "performance";
  where.machine.load = 8;  // half of the CPUs, not more
  CHECK(where.warnings(16) == lines{});
}

TEST_CASE("each warning names what to change", "[compare_environment]") {
  auto where = quiet_place();
  SECTION("build") {
    where.build_type = "debug";
    CHECK(where.warnings(1) ==
          lines{"the build type is debug, and faults may weigh otherwise in the one that users "
                "run: build with meson setup --buildtype=release"});
  }
  SECTION("sanitizers, whatever the build type") {
    where.build_type = "debug";
    where.sanitizers = "address";
    CHECK(where.warnings(1) ==
          lines{"the build has sanitizers (address), which slow some code more than other: build "
                "without -Db_sanitize"});
  }
  SECTION("allocator") {
    where.allocator = "system";
    CHECK(where.warnings(1) ==
          lines{"the allocator is system, not jemalloc: bytes and allocations are not known, and "
                "times are other ones: build with -Djemalloc=enabled"});
  }
  SECTION("load") {
    where.machine.cpus = 2;
    where.machine.load = 3.2;
    CHECK(where.warnings(1) == lines{"load 3.20 on 2 CPUs before the start: end what else runs"});
  }
  SECTION("governor") {
    where.machine.governor = "powersave";
    CHECK(where.warnings(1) ==
          lines{"the clock governor is powersave, and the speed follows the load: sudo cpupower "
                "frequency-set -g performance"});
  }
}

TEST_CASE("too few CPUs are told with what fits them", "[compare_environment]") {
  auto where = quiet_place();
  SECTION("fewer than workers") {
    where.machine.cpus = 2;
    CHECK(where.warnings(10) ==
          lines{"10 workers share 2 CPUs, and times of tasks include waiting for one: take "
                "--workers=2"});
    CHECK(where.warnings(2) == lines{});
  }
  SECTION("a quota") {
    where.machine.group.cpus = 2.5;
    CHECK(where.warnings(10) ==
          lines{"10 workers share the 2.50 CPUs that the control group allows, and times of tasks "
                "include waiting for one: take --workers=2 or raise the quota"});
    CHECK(where.warnings(2) == lines{});
  }
  SECTION("a quota of less than one") {
    where.machine.group.cpus = 0.5;
    CHECK(where.warnings(1) ==
          lines{"the control group allows 0.50 CPUs, less than one worker takes: raise its quota"});
  }
  SECTION("one") {
    where.machine.cpus = 1;
    CHECK(where.warnings(1) ==
          lines{"there is one CPU, so that all else that runs takes time from the strategy: use a "
                "machine with two or more"});
  }
}

TEST_CASE("warnings stand beside each other", "[compare_environment]") {
  auto where = quiet_place();
  where.build_type = "debug";
  where.allocator = "system";
  where.machine.cpus = 1;
  where.machine.load = 1;
  where.machine.governor = "ondemand";
  CHECK(where.warnings(4).size() == 6);
}

TEST_CASE("the environment of this process is read", "[compare_environment]") {
  const auto where = compare::read_environment();
  CHECK(where.program_version.find(" (") != std::string::npos);
  CHECK_FALSE(where.compiler.empty());
  CHECK_FALSE(where.build_type.empty());
  CHECK_FALSE(where.allocator.empty());
  CHECK_FALSE(where.kernel.empty());
  CHECK(where.machine.cpus >= 1);
}
