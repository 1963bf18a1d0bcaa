// SPDX-License-Identifier: MIT
#include "compare/sample.hpp"

#include <string>

#include "catch.hpp"
#include "compare/metric.hpp"
#include "report/summary.hpp"

namespace report = taskworker::report;
namespace worker = taskworker::worker;
using namespace taskworker::compare;

namespace {

std::optional<double> value_of(const sample &taken, const char *name) {
  return taken.values.at(static_cast<std::size_t>(find_metric(name) - metrics().data()));
}

/// Of 200 tasks, with another figure for everything that a metric takes from it.
report::run_summary a_run() {
  report::run_summary summary;
  summary.workload = "words";
  auto &outcome = summary.outcome;
  outcome.totals = taskworker::metrics::task_totals(1);
  summary.operations = {"count"};
  outcome.totals.operations[0].processed = 200;
  for (int i = 0; i < 200; ++i) outcome.totals.operations[0].durations.buckets[20] += 1;
  outcome.totals.operations[0].durations.count = 200;
  outcome.totals.verified = 3;
  outcome.totals.digests = ~std::uint64_t{0};
  outcome.seconds = 0.5;
  outcome.allocated_bytes = 4000;
  outcome.allocations = 600;
  outcome.process_start.cpu_seconds = 1;
  outcome.process_end.cpu_seconds = 1.5;
  outcome.process_end.voluntary_switches = 300;
  outcome.process_end.involuntary_switches = 100;
  outcome.process_end.minor_faults = 19;
  outcome.process_end.major_faults = 1;
  outcome.process_start.open_fds = 9;
  outcome.process_end.open_fds = 7;
  outcome.peak_resident = 123456;
  outcome.instructions = 1000;
  outcome.leaks = {{.what = worker::leak::kind::thread, .count = 4, .place = ""},
                   {.what = worker::leak::kind::job, .count = 5, .place = ""}};
  return summary;
}

}  // namespace

TEST_CASE("a sample has every metric of the report, in its own unit", "[compare_sample]") {
  const sample taken = read_sample(report::as_json(a_run()));
  REQUIRE(taken.values.size() == metrics().size());
  for (std::size_t i = 0; i < metrics().size(); ++i) {
    CAPTURE(metrics()[i].name);
    CHECK(taken.values[i].has_value());
  }
  CHECK(value_of(taken, "cpu_ns_per_task") == Approx(0.5 * 1e9 / 200));
  CHECK(value_of(taken, "tasks_per_second") == Approx(400));
  CHECK(value_of(taken, "bytes_per_task") == Approx(20));
  CHECK(value_of(taken, "allocations_per_task") == Approx(3));
  CHECK(value_of(taken, "peak_resident") == Approx(123456));
  CHECK(value_of(taken, "threads_left") == Approx(4));
  CHECK(value_of(taken, "jobs_left") == Approx(5));
  CHECK(value_of(taken, "descriptors_left") == Approx(-2));
  CHECK(value_of(taken, "context_switches_per_task") == Approx(2));
  CHECK(value_of(taken, "page_faults_per_task") == Approx(0.1));
  CHECK(value_of(taken, "instructions_per_task") == Approx(5));
  CHECK(taken.busy_seconds == 0.5);
  CHECK(taken.workload == "words");
  CHECK(taken.results_digest == "18446744073709551615");
}

TEST_CASE("what a run does not know is no figure of its sample", "[compare_sample]") {
  auto summary = a_run();
  summary.has_jemalloc = false;
  summary.are_bytes_equal = false;
  summary.outcome.instructions.reset();
  const sample taken = read_sample(report::as_json(summary));
  CHECK_FALSE(value_of(taken, "bytes_per_task"));
  CHECK_FALSE(value_of(taken, "instructions_per_task"));
  CHECK(value_of(taken, "cpu_ns_per_task"));
  CHECK(taken.results_digest.empty());
}

TEST_CASE("what is no report, or of no task, is no sample", "[compare_sample]") {
  auto nothing_done = a_run();
  nothing_done.outcome.totals.operations[0].processed = 0;
  for (const std::string &text :
       {std::string(), std::string("Segmentation fault\n"), std::string("{}"),
        std::string("{\"tasks\": {\"processed\": \"many\"}}"), report::as_json(nothing_done),
        report::as_json(a_run()).substr(0, 300)}) {
    CAPTURE(text);
    CHECK_THROWS_WITH(read_sample(text),
                      Catch::Matchers::StartsWith(
                          "no report of a run with tasks done on its standard output, but '"));
  }
}
