// SPDX-License-Identifier: MIT
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "metrics/exposition.hpp"
#include "metrics/tick_clock.hpp"

using namespace taskworker::metrics;

namespace {

const exposition_identity identity = {
    .strategy = "bad",
    .strategy_version = "1.0.0",
    .strategy_abi = "0.1",
    .version = "0.1.0",
    .revision = "abc",
    .compiler = "gcc 12",
    .build_type = "release",
    .operations = {"sum", "filter"},
};

exposition_figures some_figures() {
  exposition_figures figures{
      .tasks = task_totals(2), .stuck_tasks = 2, .task_timeouts = 3, .jobs = 7};
  figures.allocator.emplace();
  worker_figures worker(2);
  worker.record_run(0, tick_clock::from_duration(std::chrono::microseconds(3)), 0);
  worker.record_run(0, tick_clock::from_duration(std::chrono::milliseconds(3)), 0);
  worker.record_run(1, tick_clock::from_duration(std::chrono::seconds(3)), 0);
  worker.count_processed(0);
  worker.count_processed(0);
  worker.count_error(task_error::wrong_result);
  worker.set_last_done(tick_clock::now());
  worker.add_to(figures.tasks);
  figures.tasks.queued = 5;
  return figures;
}

bool has_line(const std::string &text, const std::string &line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

/// The values of a histogram's buckets, in order.
std::vector<double> buckets(const std::string &text, const std::string &series) {
  std::vector<double> values;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(series)) values.push_back(std::stod(line.substr(line.rfind(' '))));
  }
  return values;
}

}  // namespace

TEST_CASE("every family is there, with help, type and labels", "[metrics_exposition]") {
  const std::string text = expose(identity, some_figures());
  CHECK(has_line(text, "worker_tasks_processed_total{worker_type=\"bad\",operation=\"sum\"} 2"));
  CHECK(has_line(text, "worker_tasks_processed_total{worker_type=\"bad\",operation=\"filter\"} 0"));
  CHECK(has_line(text,
                 "worker_task_errors_total{worker_type=\"bad\",error_type=\"wrong_result\"} 1"));
  CHECK(has_line(text, "worker_tasks_in_queue{worker_type=\"bad\"} 5"));
  CHECK(has_line(text, "worker_stuck_tasks{worker_type=\"bad\"} 2"));
  CHECK(has_line(text, "worker_task_timeouts_total{worker_type=\"bad\"} 3"));
  CHECK(has_line(text, "worker_active_jobs{worker_type=\"bad\"} 7"));
  CHECK(has_line(text, "taskworker_strategy_info{name=\"bad\",version=\"1.0.0\",abi=\"0.1\"} 1"));
  const std::vector<std::string> families = {
      "worker_tasks_processed_total counter",
      "worker_task_errors_total counter",
      "worker_tasks_in_queue gauge",
      "worker_stuck_tasks gauge",
      "worker_task_timeouts_total counter",
      "worker_task_processing_duration_seconds histogram",
      "worker_queue_wait_seconds histogram",
      "worker_last_progress_timestamp_seconds gauge",
      "worker_active_threads gauge",
      "worker_active_jobs gauge",
      "worker_allocated_memory_bytes gauge",
      "worker_allocated_bytes_total counter",
      "worker_allocations_total counter",
      "worker_deallocations_total counter",
      "worker_allocator_active_bytes gauge",
      "worker_allocator_resident_bytes gauge",
      "worker_allocator_retained_bytes gauge",
      "worker_allocator_metadata_bytes gauge",
      "worker_allocator_purges_total counter",
      "worker_context_switches_total counter",
      "worker_page_faults_total counter",
      "process_cpu_seconds_total counter",
      "process_open_fds gauge",
      "process_max_fds gauge",
      "process_virtual_memory_bytes gauge",
      "process_resident_memory_bytes gauge",
      "process_heap_bytes gauge",
      "process_start_time_seconds gauge",
      "process_threads gauge",
      "taskworker_build_info gauge",
      "taskworker_strategy_info gauge",
  };
  for (const auto &family : families) {
    CHECK(has_line(text, "# TYPE " + family));
    CHECK_THAT(text, Catch::Matchers::ContainsSubstring("# HELP " +
                                                        family.substr(0, family.find(' ')) + " "));
  }
}

TEST_CASE("durations count in every bucket that is not below them", "[metrics_exposition]") {
  const std::string text = expose(identity, some_figures());
  const std::string series =
      "worker_task_processing_duration_seconds_bucket{worker_type=\"bad\",operation=\"sum\"";
  const auto counts = buckets(text, series);
  REQUIRE(counts.size() == duration_bounds_ns().size() + 1);
  for (std::size_t i = 0; i < duration_bounds_ns().size(); ++i) {
    const auto bound = duration_bounds_ns()[i];
    const double expected = (bound >= 5'000 ? 1 : 0) + (bound >= 5'000'000 ? 1 : 0);
    CHECK(counts[i] == expected);
  }
  CHECK(counts.back() == 2);
  const auto slow = buckets(
      text,
      "worker_task_processing_duration_seconds_bucket{worker_type=\"bad\",operation=\"filter\"");
  CHECK(slow[slow.size() - 2] == 0);  // 3 s is past the last bound, 1 s
  CHECK(slow.back() == 1);
}

TEST_CASE("the bounds go 1-2-5 from 10 ns to 1 s", "[metrics_exposition]") {
  const auto &bounds = duration_bounds_ns();
  CHECK(bounds.size() == 25);
  CHECK(std::vector(bounds.begin(), bounds.begin() + 4) ==
        std::vector<std::uint64_t>{10, 20, 50, 100});
  CHECK(bounds.back() == 1'000'000'000);
}

TEST_CASE("what is not known is left out", "[metrics_exposition]") {
  exposition_figures figures{.tasks = task_totals(2)};
  const std::string text = expose(identity, figures);
  CHECK(text.find("worker_alloc") == std::string::npos);
  CHECK(text.find("worker_last_progress") == std::string::npos);
}

TEST_CASE("bounds of buckets are written short", "[metrics_exposition]") {
  const std::string text = expose(identity, some_figures());
  for (const char *bound : {"1e-08", "2e-08", "5e-08", "5e-07", "2e-06", "0.0005", "0.2", "1"}) {
    CAPTURE(bound);
    CHECK(text.find("worker_queue_wait_seconds_bucket{worker_type=\"bad\",le=\"" +
                    std::string(bound) + "\"}") != std::string::npos);
  }
  CHECK(text.find("00000000") == std::string::npos);
}
