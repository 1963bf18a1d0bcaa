// SPDX-License-Identifier: MIT
#include "report/doctor.hpp"

#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace taskworker;
using namespace taskworker::profiling;

TEST_CASE("each probe is a block, the last line counts", "[report_doctor]") {
  const std::vector<probe_result> results{
      passed("heap profiling", "on, one sample each 512 KiB on average"),
      warned("load", "3.1 on 2 CPUs", "wait, or close programs"),
      unmet("symbols", "none", "do not strip it"),
  };
  CHECK(report::describe_probes(results) ==
        "ok       heap profiling    on, one sample each 512 KiB on average\n"
        "warning  load              3.1 on 2 CPUs\n"
        "                           -> wait, or close programs\n"
        "failed   symbols           none\n"
        "                           -> do not strip it\n"
        "\n"
        "3 probes: 1 ok, 1 warning, 1 failed\n");
}

TEST_CASE("long text keeps within 80 columns and control characters out", "[report_doctor]") {
  std::string words;
  for (int i = 0; i < 60; ++i) words += "some\nwords ";
  std::istringstream lines(report::describe_probes(std::vector{warned("load", words, words)}));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    CAPTURE(line);
    CHECK(line.size() <= 80);
    CHECK((count == 0 || line.empty() || line.starts_with(std::string(27, ' ')) ||
           line.starts_with("1 probe: ")));
  }
  CHECK(count > 10);
}

TEST_CASE("warnings do not count as failures", "[report_doctor]") {
  std::vector<probe_result> results{passed("a", "b"), warned("c", "d", "e")};
  CHECK(report::all_needed_hold(results));
  results.push_back(unmet("f", "g", "h"));
  CHECK_FALSE(report::all_needed_hold(results));
}
