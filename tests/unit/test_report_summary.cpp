// SPDX-License-Identifier: MIT
#include <boost/json.hpp>
#include <chrono>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "report/summary.hpp"

using namespace taskworker;
using report::run_summary;
using worker::leak;
using worker::session_end;

namespace {

constexpr auto failed = static_cast<std::size_t>(metrics::task_error::failed);
constexpr auto wrong = static_cast<std::size_t>(metrics::task_error::wrong_result);

/// A run of 1000 tasks of two operations that left nothing behind.
run_summary clean_run() {
  run_summary summary{.program = "taskworker",
                      .strategy = "bad",
                      .strategy_version = "1.0.0",
                      .strategy_path = "/lib/bad.so",
                      .strategy_target = "bad",
                      .operations = {"sum", "filter"}};
  auto &outcome = summary.outcome;
  outcome.totals = metrics::task_totals(2);
  outcome.totals.generated = 1000;
  for (auto &operation : outcome.totals.operations) {
    operation.processed = 500;
    operation.durations.buckets[10] = operation.durations.count = 500;
    operation.durations.sum = 5000;
    operation.durations.maximum = 10;
  }
  outcome.totals.waits = outcome.totals.durations();
  outcome.seconds = 0.02;
  outcome.allocated_bytes = 640'000;
  outcome.allocations = 2000;
  outcome.end_sample.threads = 5;
  return summary;
}

run_summary leaky_run() {
  run_summary summary = clean_run();
  summary.outcome.leaks = {{leak::kind::job, 1000, "bad.cpp:10 (start_helper_job)"},
                           {leak::kind::thread, 250, "bad.cpp:20 (start_helper_thread)"},
                           {leak::kind::thread, 1, "bad.cpp:30 (start_monitor)"}};
  return summary;
}

}  // namespace

TEST_CASE("the verdict counts what was left behind", "[report_summary]") {
  CHECK(report::verdict(clean_run()) == "clean: 0 threads, 0 jobs left");
  CHECK(report::verdict(leaky_run()) == "leaked: 251 threads, 1,000 jobs");
}

TEST_CASE("the verdict of a run that was cut off says so", "[report_summary]") {
  run_summary summary = clean_run();
  summary.outcome.totals.queued = 3;
  summary.outcome.end = session_end::second_signal;
  CHECK(report::verdict(summary) == "cut off: a second signal came, 3 tasks abandoned");
  summary.outcome.end = session_end::grace_over;
  CHECK(report::verdict(summary) == "stuck: the strategy did not stop within --grace");
  summary.outcome.stuck = {
      {.worker = 2, .id = 17, .operation = 1, .running = std::chrono::seconds(5)}};
  summary.outcome.stuck[0].stack = {"bad.cpp:10 (process)"};
  CHECK(report::verdict(summary) == "stuck: 3 tasks did not end within --grace");
  CHECK_THAT(report::as_text(summary), Catch::Matchers::ContainsSubstring(
                                           "  worker 2 is stuck in task 17 (filter), for 5.00 s\n"
                                           "    bad.cpp:10 (process)\n"));
  summary.outcome.end = session_end::start_overdue;
  CHECK(report::verdict(summary) == "stuck: the strategy did not start within --start-timeout");
  summary.outcome.stuck.clear();
  summary.outcome.stuck_threads = {{"tw-control", {"bad.cpp:20 (stop)"}}};
  CHECK_THAT(report::as_text(summary),
             Catch::Matchers::ContainsSubstring("  the thread tw-control is in\n"
                                                "    bad.cpp:20 (stop)\n"));
}

TEST_CASE("a crash is told with what was done so far, and no command follows", "[report_summary]") {
  run_summary summary = clean_run();
  summary.outcome.end = session_end::crash;
  summary.outcome.signal = 11;
  summary.outcome.crash = "SIGSEGV in worker 0, task 3 (sum)";
  summary.outcome.totals.queued = 3;
  summary.outcome.totals.generated = 1003;
  summary.outcome.stuck = {{.worker = 0, .id = 3}};
  summary.exit_code = 139;
  CHECK(report::verdict(summary) ==
        "crashed: SIGSEGV in worker 0, task 3 (sum), 3 tasks abandoned");
  CHECK(report::next_commands(summary).empty());
  const std::string text = report::as_text(summary);
  CHECK_THAT(text, Catch::Matchers::ContainsSubstring("  worker 0 was in task 3 (sum)\n"));
  CHECK(text.find("allocations per task") == std::string::npos);
  const auto json = boost::json::parse(report::as_json(summary));
  CHECK(json.at("end").as_string() == "crash");
  CHECK(json.at("crash").as_string() == "SIGSEGV in worker 0, task 3 (sum)");
  CHECK(json.at("exit_code").as_int64() == 139);
  CHECK(json.at("bytes_per_task").is_null());
  CHECK(json.at("stuck").at(0).at("task").as_int64() == 3);
}

TEST_CASE("figures per task are those of tasks that ran", "[report_summary]") {
  const run_summary summary = clean_run();
  CHECK(summary.tasks_per_second() == Approx(50'000));
  CHECK(summary.bytes_per_task() == Approx(640));
  CHECK(summary.allocations_per_task() == Approx(2));
  run_summary empty = clean_run();
  empty.outcome.totals = metrics::task_totals(2);
  empty.outcome.seconds = 0;
  CHECK(empty.tasks_per_second() == 0);
  CHECK(empty.bytes_per_task() == 0);
}

TEST_CASE("the text accounts for every task and names the places", "[report_summary]") {
  run_summary summary = leaky_run();
  summary.outcome.totals.generated = 1010;
  summary.outcome.totals.errors[failed] = 4;
  summary.outcome.totals.errors[wrong] = 2;
  summary.outcome.totals.drained = 3;
  summary.outcome.totals.queued = 1;
  const std::string text = report::as_text(summary);
  using Catch::Matchers::ContainsSubstring;
  CHECK_THAT(text,
             ContainsSubstring("bad 1.0.0: 1,000 tasks in 20.0 ms, 50,000 tasks per second\n"));
  CHECK_THAT(text, ContainsSubstring("1,010 generated = 1,000 processed\n"
                                     "              + 6 failed + 3 drained + 1 abandoned\n"));
  CHECK_THAT(text, ContainsSubstring("  errors      4 failed, 2 wrong_result\n"));
  CHECK_THAT(text, ContainsSubstring("640 bytes and 2.00 allocations per task on the workers\n"));
  CHECK_THAT(text, ContainsSubstring("      1,000 jobs from bad.cpp:10 (start_helper_job)\n"));
  CHECK_THAT(text, ContainsSubstring("        1 thread from bad.cpp:30 (start_monitor)\n"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("next: ")) CHECK(line.size() <= 80);
  }
}

TEST_CASE("what to do next fits the verdict, in at most two lines", "[report_summary]") {
  using commands = std::vector<std::string>;
  const std::string flags = " --tasks=1000 --data-size=100 --workers=10 --duration=0";
  CHECK(
      report::next_commands(leaky_run()) ==
      commands{"taskworker --strategy=optimized" + flags,
               "taskworker --strategy=bad" + flags + " --heap-sample=4096 --memprofile=heap.out"});

  run_summary many_faults = leaky_run();  // three commands would fit
  many_faults.outcome.totals.errors[wrong] = 1;
  many_faults.config.verify_every = 1024;
  CHECK(report::next_commands(many_faults) ==
        commands{"taskworker --strategy=bad" + flags + " --verify=all",
                 "taskworker --strategy=optimized" + flags});

  run_summary dumped = leaky_run();
  dumped.config.memprofile = "heap.out";
  CHECK(report::next_commands(dumped).back() == "jeprof --text taskworker heap.out");

  run_summary spotless = clean_run();
  spotless.outcome.allocations = 0;
  CHECK(report::next_commands(spotless) == commands{"taskworker --strategy=bad" + flags});

  run_summary mistaken = clean_run();
  mistaken.outcome.totals.errors[wrong] = 1;
  mistaken.config.verify_every = 1024;
  CHECK(report::next_commands(mistaken).front() ==
        "taskworker --strategy=bad" + flags + " --verify=all");
  mistaken.config.expect = "old.results";
  CHECK(report::next_commands(mistaken).front() ==
        "taskworker --strategy=bad" + flags + " --heap-sample=4096 --memprofile=heap.out");
}

TEST_CASE("the JSON names its schema and units", "[report_summary]") {
  const auto parsed = boost::json::parse(report::as_json(leaky_run()));
  const auto &json = parsed.as_object();
  CHECK(json.at("schema").as_string() == "taskworker.report/1");
  CHECK(json.at("tasks").at("processed").to_number<int>() == 1000);
  CHECK(json.at("tasks").at("processed_by_operation").at("filter").to_number<int>() == 500);
  CHECK(json.at("tasks_per_second").to_number<double>() == Approx(50'000));
  CHECK(json.at("bytes_per_task").to_number<double>() == Approx(640));
  CHECK(json.at("processing_seconds").at("max").to_number<double>() > 0);
  CHECK(json.at("resources").at("end").at("threads").to_number<int>() == 5);
  CHECK(json.at("leaked").at("threads").to_number<int>() == 251);
  CHECK(json.at("leaked").at("places").as_array().size() == 3);
  CHECK(json.at("verdict").as_string() == "leaked: 251 threads, 1,000 jobs");
}

TEST_CASE("the JSON has what the process took from start to end", "[report_summary]") {
  run_summary summary = clean_run();
  auto &outcome = summary.outcome;
  outcome.process_start = {.cpu_seconds = 1.5,
                           .open_fds = 9,
                           .voluntary_switches = 10,
                           .involuntary_switches = 20,
                           .minor_faults = 30,
                           .major_faults = 40};
  outcome.process_end = {.cpu_seconds = 4,
                         .open_fds = 7,
                         .voluntary_switches = 111,
                         .involuntary_switches = 222,
                         .minor_faults = 333,
                         .major_faults = 444};
  outcome.peak_resident = 123'456;
  outcome.instructions = 789;
  const auto json = boost::json::parse(report::as_json(summary)).at("process");
  CHECK(json.at("cpu_seconds").to_number<double>() == Approx(2.5));
  CHECK(json.at("context_switches").to_number<int>() == 101 + 202);
  CHECK(json.at("page_faults").to_number<int>() == 303 + 404);
  CHECK(json.at("peak_resident_bytes").to_number<int>() == 123'456);
  CHECK(json.at("descriptors_left").to_number<int>() == -2);
  CHECK(json.at("instructions").to_number<int>() == 789);
}

TEST_CASE("what is not known is null in the JSON", "[report_summary]") {
  run_summary summary = clean_run();
  summary.has_jemalloc = false;
  const auto json = boost::json::parse(report::as_json(summary)).as_object();
  CHECK(json.at("bytes_per_task").is_null());
  CHECK(json.at("process").at("instructions").is_null());
  CHECK(json.at("resources").at("peak").at("resident_bytes").is_null());
  CHECK_THAT(report::as_text(summary),
             Catch::Matchers::ContainsSubstring("not known: built without jemalloc"));
}
