// SPDX-License-Identifier: MIT
#include <string>

#include "catch.hpp"
#include "metrics/procfs.hpp"

using namespace taskworker::metrics;

namespace {

// As a kernel writes it, with another program name.
std::string stat_of(const std::string &name) {
  return "4242 (" + name +
         ") S 1 4242 4242 0 -1 4194304 1311 0 2 0 17 5 0 0 20 0 12 0 987654 "
         "123456789 3210 18446744073709551615 94000000000000 94000000100000 140720000000000 0 0 0 "
         "0 4096 17642 0 0 0 17 1 0 0 0 0 0 94000000200000 94000000210000 94000001000000 "
         "140720000001000 140720000001100 140720000001100 140720000003000 0\n";
}

}  // namespace

TEST_CASE("the fields of stat are found", "[metrics_procfs]") {
  const auto fields = parse_stat(stat_of("taskworker"));
  REQUIRE(fields.has_value());
  CHECK(fields->threads == 12);
  CHECK(fields->start_ticks == 987654);
  CHECK(fields->virtual_bytes == 123456789);
  CHECK(fields->resident_pages == 3210);
  CHECK(fields->heap_start == 94000001000000);
}

TEST_CASE("a program may have any name", "[metrics_procfs]") {
  for (const char *name : {"a b", "a) S 1 2", ")", "((", "x\ny", ""}) {
    CAPTURE(name);
    const auto fields = parse_stat(stat_of(name));
    REQUIRE(fields.has_value());
    CHECK(fields->threads == 12);
    CHECK(fields->heap_start == 94000001000000);
  }
}

TEST_CASE("a text that is no stat is refused", "[metrics_procfs]") {
  CHECK_FALSE(parse_stat("").has_value());
  CHECK_FALSE(parse_stat("4242 (taskworker").has_value());
  CHECK_FALSE(parse_stat("4242 (taskworker) S 1 2 3").has_value());
  std::string broken = stat_of("taskworker");
  broken.replace(broken.find("987654"), 6, "98x654");
  CHECK_FALSE(parse_stat(broken).has_value());
}

TEST_CASE("sizes of status are read by name", "[metrics_procfs]") {
  const std::string status =
      "Name:\tVmData: 7 kB\nVmPeak:\t  123 kB\nVmDataX:\t1 kB\nVmData:\t    456 kB\n";
  CHECK(parse_status_bytes(status, "VmData") == 456 * 1024);
  CHECK(parse_status_bytes(status, "VmPeak") == 123 * 1024);
  CHECK_FALSE(parse_status_bytes(status, "VmSwap").has_value());
  CHECK_FALSE(parse_status_bytes("Threads:\t12\n", "Threads").has_value());
  CHECK_FALSE(parse_status_bytes("VmData:\tmany kB\n", "VmData").has_value());
  CHECK_FALSE(parse_status_bytes("", "VmData").has_value());
}
