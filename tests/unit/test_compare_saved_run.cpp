// SPDX-License-Identifier: MIT
#include <boost/json.hpp>
#include <string>

#include "catch.hpp"
#include "compare/saved_run.hpp"
#include "compare_results.hpp"

using namespace taskworker;
using namespace compare_results;
using compare::read_saved_run;

namespace {

compare::comparison_result earlier() {
  auto result = one_candidate();
  result.taken_at = "2026-01-02 03:04:05 UTC";
  result.run_arguments = {"--workers=2"};
  for (auto &each : result.series) each.workload = "built-in";
  result.series[1].results_digest = "123";
  return result;
}

}  // namespace

TEST_CASE("an earlier comparison is read: the strategy of that name, else its first",
          "[compare_saved_run]") {
  const std::string json = as_json(earlier());
  const auto saved = read_saved_run(json, "optimized");
  CHECK(saved.series.word == "optimized");
  CHECK(saved.series.is_saved);
  CHECK(saved.series.workload == "built-in");
  CHECK(saved.series.results_digest == "123");
  CHECK(saved.tasks == 50'000);
  CHECK(saved.run_arguments == std::vector<std::string>{"--workers=2"});
  CHECK(saved.when == "2026-01-02 03:04:05 UTC");
  REQUIRE(saved.series.samples.size() == 12);
  CHECK(saved.series.samples[11].values == earlier().series[1].samples[11].values);
  CHECK(saved.series.samples[11].busy_seconds == 0.2);
  CHECK(read_saved_run(json, "mine").series.word == "bad");
}

TEST_CASE("a saved baseline is compared, though no sample has another at its side",
          "[compare_saved_run]") {
  const auto saved = read_saved_run(as_json(earlier()), "bad");
  const auto findings = compare::compare(saved.series, earlier().series[1],
                                         {compare::find_metric("cpu_ns_per_task"), 0.01, 1});
  REQUIRE_FALSE(findings.empty());
  CHECK(findings[0].is == compare::verdict::better);
  CHECK(findings[0].baseline == 6320);
}

TEST_CASE("what is another machine now is told", "[compare_saved_run]") {
  const auto saved = read_saved_run(as_json(earlier()), "bad");
  auto now = quiet_place();
  const std::string date =
      "the baseline is of 2026-01-02 03:04:05 UTC: what has changed on the machine since then "
      "looks like a difference, and is in no interval";
  CHECK(differences(saved, now) == std::vector<std::string>{date});
  now.cpu = "Another CPU";
  now.machine.cpus = 2;
  now.kernel.clear();
  CHECK(differences(saved, now) ==
        std::vector<std::string>{date,
                                 "the cpu differs: 'Some CPU @ 2.10GHz' then, 'Another CPU' now; "
                                 "only counted figures can be relied on",
                                 "the cpus differs: '16' then, '2' now; only counted figures can "
                                 "be relied on",
                                 "the kernel differs: '6.1.0' then, not known now; only counted "
                                 "figures can be relied on"});
}

TEST_CASE("what is no comparison is refused in words", "[compare_saved_run]") {
  CHECK_THROWS_WITH(read_saved_run("seconds,tasks\n", "bad"),
                    Catch::Matchers::StartsWith("it is no JSON: "));
  CHECK_THROWS_WITH(read_saved_run("{}", "bad"),
                    "it lacks what --json of taskworker compare writes");
  CHECK_THROWS_WITH(read_saved_run(R"({"schema": "other/2"})", "bad"),
                    "its schema is 'other/2', not 'taskworker.comparison/1'");
  auto report = boost::json::parse(as_json(earlier())).as_object();
  report["series"] = boost::json::array();
  CHECK_THROWS_WITH(read_saved_run(boost::json::serialize(report), "bad"),
                    "it lacks what --json of taskworker compare writes");
  auto saved_twice = earlier();
  saved_twice.series[0].is_saved = true;
  CHECK_THROWS_WITH(read_saved_run(as_json(saved_twice), "bad"),
                    "its 'bad' is of an earlier run itself: name that");
  auto few = earlier();
  few.series[0].samples.resize(4);
  CHECK_THROWS_WITH(read_saved_run(as_json(few), "bad"), "it has 4 samples, of 5 that are needed");
}
