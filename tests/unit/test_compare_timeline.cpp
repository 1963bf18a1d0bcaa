// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "compare/timeline.hpp"

using taskworker::compare::read_timeline;

TEST_CASE("a timeline has a number of each for each look", "[compare_timeline]") {
  const auto read = read_timeline(
      "seconds,tasks,threads,jobs,resident_bytes\n"
      "0.100,2600,12,4,12582912\n"
      "0.200,5200,14,130,13631488\n");
  CHECK(read.seconds == std::vector<double>{0.1, 0.2});
  CHECK(read.tasks == std::vector<double>{2600, 5200});
  CHECK(read.threads == std::vector<double>{12, 14});
  CHECK(read.jobs == std::vector<double>{4, 130});
  CHECK(read.resident_bytes == std::vector<double>{12'582'912, 13'631'488});
  CHECK(read_timeline("seconds,tasks,threads,jobs,resident_bytes\n").seconds.empty());
}

TEST_CASE("what is no timeline is refused in words", "[compare_timeline]") {
  CHECK_THROWS_WITH(read_timeline(""),
                    "it does not begin with seconds,tasks,threads,jobs,resident_bytes");
  CHECK_THROWS_WITH(read_timeline("seconds,tasks,threads,jobs,resident_bytes\n0.1,2,x,4,5\n"),
                    "it has the line '0.1,2,x,4,5'");
  CHECK_THROWS_WITH(read_timeline("seconds,tasks,threads,jobs,resident_bytes\n0.1,2,3x,4,5\n"),
                    "it has the line '0.1,2,3x,4,5'");
  CHECK_THROWS_WITH(read_timeline("seconds,tasks,threads,jobs,resident_bytes\n0.1,2,3,4\n"),
                    "it has the line '0.1,2,3,4'");
}
