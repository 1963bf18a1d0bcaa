// SPDX-License-Identifier: MIT
// What the endpoints of a real run show.
#include <signal.h>

#include <string>
#include <vector>

#include "catch.hpp"
#include "program.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

/// A run that has done its tasks and stays up.
struct lingering_run {
  explicit lingering_run(std::vector<std::string> arguments)
      : worker([&] {
          arguments.insert(arguments.end(), {"--duration=1h", "--listen=127.0.0.1:0"});
          return arguments;
        }()),
        port(announced_port(worker.wait_for_err("tasks done; endpoints stay up"))) {}
  program worker;
  int port;
};

/// The value of the one line that starts with `series` and a space; fails without.
double value_of(const std::string &metrics, const std::string &series) {
  const std::string line = "\n" + series + " ";
  const std::size_t at = metrics.find(line);
  INFO("metrics: " << metrics);
  REQUIRE(at != std::string::npos);
  return std::stod(metrics.substr(at + line.size()));
}

}  // namespace

TEST_CASE("the metrics of a run are its figures", "[endpoints]") {
  lingering_run run({"--strategy=bad:thread-every=10", "--tasks=400", "--workers=2"});
  const std::string text = http_get(run.port, "/metrics");
  const std::string bad = "{worker_type=\"bad\"";
  CHECK(value_of(text, "worker_tasks_processed_total" + bad + ",operation=\"sum\"}") == 100);
  CHECK(value_of(text, "worker_task_processing_duration_seconds_count" + bad +
                           ",operation=\"filter\"}") == 100);
  CHECK(value_of(text, "worker_queue_wait_seconds_count" + bad + "}") == 400);
  CHECK(value_of(text, "worker_task_errors_total" + bad + ",error_type=\"failed\"}") == 0);
  CHECK(value_of(text, "worker_tasks_in_queue" + bad + "}") == 0);
  CHECK(value_of(text, "worker_active_jobs" + bad + "}") == 400);
  CHECK(value_of(text, "worker_active_threads" + bad + "}") > 40);
  CHECK(value_of(text, "worker_last_progress_timestamp_seconds" + bad + "}") > 1.7e9);
  CHECK(value_of(text, "worker_context_switches_total" + bad + ",kind=\"voluntary\"}") > 0);
  CHECK(value_of(text, "process_resident_memory_bytes") > 1e6);
  CHECK(value_of(text, "process_cpu_seconds_total") > 0);
  CHECK_THAT(text, ContainsSubstring("taskworker_build_info{version=\""));
  CHECK_THAT(text, ContainsSubstring("taskworker_strategy_info{name=\"bad\",version=\""));
#ifdef TASKWORKER_HAVE_JEMALLOC
  CHECK(value_of(text, "worker_allocated_bytes_total" + bad + "}") > 400'000);
  CHECK(value_of(text, "worker_allocations_total" + bad + "}") > 4000);
#endif
}

TEST_CASE("a server answers health, readiness and an index", "[endpoints]") {
  lingering_run run({"--strategy=optimized", "--tasks=1"});
  int status = 0;
  CHECK(http_get(run.port, "/healthz", &status) == "alive\n");
  CHECK(status == 200);
  CHECK(http_get(run.port, "/readyz", &status) == "ready\n");
  CHECK(status == 200);
  CHECK_THAT(http_get(run.port, "/", &status), ContainsSubstring("the strategy optimized"));
  CHECK(status == 200);
  http_get(run.port, "/nothing", &status);
  CHECK(status == 404);
}

TEST_CASE("a workload of a strategy's own names the operations in metrics", "[endpoints]") {
  const std::string folder = std::getenv("TASKWORKER_TEST_STRATEGIES");
  lingering_run run(
      {"--strategy=" + folder + "/template/template_workload.so", "--tasks=100", "--verify=all"});
  const std::string text = http_get(run.port, "/metrics");
  CHECK(text.find("operation=\"sum\"") == std::string::npos);
  CHECK_THAT(text, ContainsSubstring("worker_tasks_processed_total{worker_type=\""));
  run.worker.send(SIGINT);
  const outcome ended = run.worker.wait();
  CHECK(ended.status == 0);
  CHECK_THAT(ended.out, ContainsSubstring("100 generated = 100 processed"));
}

TEST_CASE("a port that is taken is one clear line and exit code 4", "[endpoints]") {
  lingering_run first({"--strategy=optimized", "--tasks=1"});
  const std::string address = "127.0.0.1:" + std::to_string(first.port);
  const outcome second = run({"--strategy=optimized", "--listen=" + address});
  CHECK(second.status == 4);
  CHECK(second.out.empty());
  CHECK(second.err == "taskworker: cannot listen on " + address +
                          ": Address already in use; choose another port with --listen "
                          "127.0.0.1:PORT, or 0 for any free one\n");
}
