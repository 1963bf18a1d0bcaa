// SPDX-License-Identifier: MIT
#include <boost/json.hpp>
#include <string>

#include "catch.hpp"
#include "compare/sentences.hpp"
#include "compare_results.hpp"

using namespace taskworker;
using namespace compare_results;

namespace json = boost::json;

namespace {

constexpr char expected_json[] = R"json({
    "schema": "taskworker.comparison/1",
    "is_partial": false,
    "taken_at": "2026-01-02 03:04:05 UTC",
    "command": ["taskworker", "compare", "bad", "optimized"],
    "run_arguments": ["--workers=10"],
    "elapsed_seconds": 41.2,
    "tasks_per_sample": 50000,
    "workers": 10,
    "warm_up_rounds": 1,
    "rules": {"primary": "cpu_ns_per_task", "threshold": 0.01, "seed": 18446744073709551615,
              "clock_step_seconds": 1e-8},
    "environment": {
      "program_version": "0.1.0 (dcc86cc)",
      "compiler": "gcc 12.2.0",
      "build_type": "release",
      "sanitizers": null,
      "allocator": "jemalloc 5.3.0",
      "cpu": "Some CPU @ 2.10GHz",
      "kernel": "6.1.0",
      "cpus": 16,
      "usable_cpus": 16.0,
      "load": 9.0,
      "governor": "performance",
      "memory_available_bytes": 1000000,
      "warnings": ["load 9.00 on 16 CPUs before the start: end what else runs"]
    },
    "series": [
      {
        "strategy": "bad",
        "is_saved": true,
        "workload": "built-in",
        "results_digest": "123",
        "failed_runs": 0,
        "last_failure": null,
        "busy_seconds": [0.2, 0.2],
        "samples": {"cpu_ns_per_task": [6320.5, 6320.5], "jobs_left": [50000.0, 50000.0]}
      },
      {
        "strategy": "optimized",
        "is_saved": false,
        "workload": null,
        "results_digest": null,
        "failed_runs": 1,
        "last_failure": "killed by signal 11",
        "busy_seconds": [0.2, 0.25],
        "samples": {"cpu_ns_per_task": [113.0, null], "jobs_left": [0.0, 0.0]}
      }
    ],
    "comparisons": [
      {
        "baseline": "bad",
        "candidate": "optimized",
        "verdict": "inconclusive",
        "findings": {
          "cpu_ns_per_task": {"baseline": 6320.0, "candidate": 1580.0, "ratio": 0.25,
                              "ratio_low": 0.2, "ratio_high": 1.5, "p": 0.001,
                              "verdict": "inconclusive", "more_samples": 9},
          "jobs_left": {"baseline": 50000.0, "candidate": 0.0, "ratio": 0.0,
                        "ratio_low": null, "ratio_high": null, "p": 0.0,
                        "verdict": "better", "more_samples": null},
          "descriptors_left": {"baseline": 0.0, "candidate": 0.0, "ratio": null,
                               "ratio_low": null, "ratio_high": null, "p": 1.0,
                               "verdict": "no difference", "more_samples": null}
        }
      }
    ],
    "gates": [{"gate": "jobs_left>0", "candidate": "optimized", "outcome": "kept"},
              {"gate": "p99>+5%", "candidate": "optimized", "outcome": "untold"},
              {"gate": "cpu_ns_per_task>9", "candidate": "optimized", "outcome": "broken"}]
})json";

/// Two samples of each, the second of the candidate's not told in full.
compare::comparison_result small_result() {
  auto result = one_candidate();
  result.series = {series_of("bad", 2, {{"cpu_ns_per_task", 6320.5}, {"jobs_left", 50'000}}),
                   series_of("optimized", 2, {{"cpu_ns_per_task", 113}, {"jobs_left", 0}})};
  result.taken_at = "2026-01-02 03:04:05 UTC";
  result.run_arguments = {"--workers=10"};
  result.series[0].is_saved = true;
  result.series[0].workload = "built-in";
  result.series[0].results_digest = "123";
  result.series[1].samples[1].values[0].reset();
  result.series[1].samples[1].busy_seconds = 0.25;
  result.series[1].failed_runs = 1;
  result.series[1].last_failure = "killed by signal 11";
  result.findings = {{measured("cpu_ns_per_task", 6320, 1580, {0.2, 1.5}, verdict::inconclusive, 9),
                      counted("jobs_left", 50'000, 0, verdict::better),
                      counted("descriptors_left", 0, 0, verdict::no_difference)}};
  result.gates = {{"jobs_left>0", 1, compare::gate_outcome::kept},
                  {"p99>+5%", 1, compare::gate_outcome::untold},
                  {"cpu_ns_per_task>9", 1, compare::gate_outcome::broken}};
  result.rules.seed = 18446744073709551615U;
  result.rules.clock_step = 1e-8;
  result.where.machine.governor = "performance";
  result.where.machine.load = 9;
  result.where.machine.memory_available = 1'000'000;
  return result;
}

}  // namespace

TEST_CASE("a comparison as JSON", "[compare_json]") {
  const std::string text = as_json(small_result());
  CHECK(text.ends_with("}\n"));
  json::value found = json::parse(text);
  found.as_object().erase("metrics");  // see below
  for (auto &each : found.at("series").as_array()) {
    // Of the other metrics, all are null.
    auto &samples = each.at("samples").as_object();
    CHECK(samples.size() == compare::metrics().size());
    CHECK(samples.at("p99") == json::array{nullptr, nullptr});
    for (const auto &metric : compare::metrics()) {
      if (metric.name != "cpu_ns_per_task" && metric.name != "jobs_left")
        samples.erase(metric.name);
    }
  }
  auto &comparison = found.at("comparisons").at(0).as_object();
  CHECK(comparison.at("conclusion").as_string() == compare::conclusion(small_result(), 1));
  comparison.erase("conclusion");
  CHECK(found == json::parse(expected_json));
}

TEST_CASE("the JSON names the unit of each metric", "[compare_json]") {
  const json::value text = json::parse(as_json(one_candidate()));
  const auto &found = text.at("metrics").as_object();
  CHECK(found.size() == compare::metrics().size());
  CHECK(found.at("cpu_ns_per_task") == json::object{{"title", "CPU per task"},
                                                    {"unit", "nanoseconds"},
                                                    {"better", "lower"},
                                                    {"is_exact", false}});
  CHECK(found.at("tasks_per_second") == json::object{{"title", "tasks per second"},
                                                     {"unit", "per_second"},
                                                     {"better", "higher"},
                                                     {"is_exact", false}});
  CHECK(found.at("jobs_left") ==
        json::object{
            {"title", "jobs left"}, {"unit", "count"}, {"better", "lower"}, {"is_exact", true}});
  CHECK(found.at("p99").at("unit") == "seconds");
  CHECK(found.at("peak_resident").at("unit") == "bytes");
}

TEST_CASE("a candidate with too few samples has no findings in the JSON", "[compare_json]") {
  auto result = small_result();
  result.findings[0].clear();
  result.is_partial = true;
  const json::value found = json::parse(as_json(result));
  CHECK(found.at("is_partial") == true);
  CHECK(found.at("comparisons").at(0).at("verdict") == nullptr);
  CHECK(found.at("comparisons").at(0).at("findings").as_object().empty());
}

TEST_CASE("the JSON is UTF-8, whatever a strategy said", "[compare_json]") {
  auto result = small_result();
  result.series[1].last_failure = "said \xff, \xc3\xa9 and \xe2\x82";
  const auto text = as_json(result);
  CHECK(text.find('\xff') == std::string::npos);
  const json::value found = json::parse(text);
  CHECK(found.at("series").at(1).at("last_failure").as_string() ==
        "said \xef\xbf\xbd, \xc3\xa9 and \xef\xbf\xbd\xef\xbf\xbd");
}
