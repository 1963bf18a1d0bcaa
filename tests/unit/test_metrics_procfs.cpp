// SPDX-License-Identifier: MIT
#include <cstdint>
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
  CHECK(fields->start_ticks == 987654);
  CHECK(fields->heap_start == 94000001000000);
}

TEST_CASE("a program may have any name", "[metrics_procfs]") {
  for (const char *name : {"a b", "a) S 1 2", ")", "((", "x\ny", ""}) {
    CAPTURE(name);
    const auto fields = parse_stat(stat_of(name));
    REQUIRE(fields.has_value());
    CHECK(fields->start_ticks == 987654);
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

TEST_CASE("a thread's status is read", "[metrics_procfs]") {
  const std::string status =
      "Name:\ta (b) name\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t7\nSigQ:\t1/96365\n"
      "SigPnd:\t8000000000000000\nShdPnd:\t0000000000000001\nSigBlk:\tfffffffe7ffbfeff\n"
      "SigIgn:\t0000000000001000\n";
  const auto read = parse_thread_status(status);
  REQUIRE(read.has_value());
  CHECK(read->name == "a (b) name");
  CHECK(read->state == 'S');
  CHECK(read->pending_signals == std::uint64_t{1} << 63);
  CHECK(read->blocked_signals == 0xfffffffe7ffbfeff);
}

TEST_CASE("a thread may have no name", "[metrics_procfs]") {
  const auto read = parse_thread_status("Name:\t\nState:\tR (running)\nSigPnd:\t0\nSigBlk:\t0\n");
  REQUIRE(read.has_value());
  CHECK(read->name.empty());
  CHECK(read->state == 'R');
}

TEST_CASE("a name does not pass for another line", "[metrics_procfs]") {
  // The kernel writes a newline in a name as two characters.
  const auto read =
      parse_thread_status("Name:\tx\\nSigBlk:\t1\nState:\tR (running)\nSigPnd:\t0\nSigBlk:\t2\n");
  REQUIRE(read.has_value());
  CHECK(read->name == "x\\nSigBlk:\t1");
  CHECK(read->blocked_signals == 2);
}

TEST_CASE("a text that is no status is refused", "[metrics_procfs]") {
  const std::string whole = "Name:\ta\nState:\tR (running)\nSigPnd:\t0\nSigBlk:\t0\n";
  REQUIRE(parse_thread_status(whole).has_value());
  for (const std::string line :
       {"Name:\ta\n", "State:\tR (running)\n", "SigPnd:\t0\n", "SigBlk:\t0\n"}) {
    CAPTURE(line);
    std::string without = whole;
    without.erase(without.find(line), line.size());
    CHECK_FALSE(parse_thread_status(without).has_value());
  }
  std::string broken = whole;
  broken.replace(broken.find("SigBlk:\t0"), 9, "SigBlk:\tx");
  CHECK_FALSE(parse_thread_status(broken).has_value());
  CHECK_FALSE(parse_thread_status("").has_value());
}
