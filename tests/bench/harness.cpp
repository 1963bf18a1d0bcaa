// SPDX-License-Identifier: MIT
// harness NULL_STRATEGY.so [OPTIMIZED.so BAD.so]: what the harness itself costs a task,
// with a strategy that does nothing; beside it a plain asio::thread_pool that does the same
// accounting in the usual way (a task each, a pair of clock reads, cached prometheus-cpp
// metrics). Then `optimized` beside `bad` without its faults: what differs between the two
// is to be the faults alone.
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstdlib>
#include <future>

#include "rounds.hpp"
#include "strategy/host.hpp"
#include "strategy/instance.hpp"
#include "strategy/library.hpp"
#include "strategy/options.hpp"
#include "worker/job_loop.hpp"
#include "worker/pool.hpp"

namespace {

using namespace taskworker;

constexpr std::uint32_t workers = 2;
constexpr int rounds = 7;
constexpr std::uint64_t task_count = 2'000'000;
constexpr std::uint64_t data_size = 100;

class services final : public strategy::host_services {
 public:
  void log(taskworker_log_severity severity, const char *message) noexcept override {
    if (severity >= TASKWORKER_LOG_WARNING) std::fprintf(stderr, "%s\n", message);
  }
  taskworker_job_id start_job(std::uint64_t period_ns, taskworker_job_callback callback,
                              void *context, taskworker_job_release release) noexcept override {
    return jobs_.start(period_ns, callback, context, release);
  }
  void cancel_job(taskworker_job_id job) noexcept override { jobs_.cancel(job); }

  void close() {
    if (!jobs_.close(std::chrono::seconds(10))) std::abort();
  }

 private:
  worker::job_loop jobs_{
      [](const std::string &text) { std::fprintf(stderr, "%s\n", text.c_str()); }};
};

/// The whole way of a task: source, queue, worker, ABI call, clock, counters, histograms.
void run_harness(const strategy::library &opened,
                 const std::vector<strategy::given_option> &options, std::uint64_t tasks) {
  services host_side;
  strategy::host host(host_side);
  strategy::instance instance(
      opened, host,
      {.options = strategy::resolve_options(opened.options(), options, opened.descriptor().name),
       .workers = workers,
       .expected_tasks = tasks,
       .data_size = data_size});
  instance.start();
  const auto work = worker::make_builtin_workload(data_size);
  std::promise<void> done;
  worker::pool pool({.workers = workers, .result_capacity = data_size * sizeof(std::int64_t)},
                    instance, *work, worker::make_generator(*work, tasks),
                    {.all_done = [&] { done.set_value(); }});
  pool.start();
  done.get_future().wait();
  pool.join();
  if (pool.totals().processed() != tasks) std::abort();
  instance.stop();
  host_side.close();
}

void run_asio(std::uint64_t tasks) {
  prometheus::Registry registry;
  auto &counter = prometheus::BuildCounter().Name("tasks_total").Register(registry).Add({});
  auto &histogram = prometheus::BuildHistogram()
                        .Name("duration_seconds")
                        .Register(registry)
                        .Add({}, prometheus::Histogram::BucketBoundaries{1e-8, 1e-7, 1e-6, 1e-5,
                                                                         1e-4, 1e-3, 1e-2, 0.1, 1});
  boost::asio::thread_pool pool(workers);
  for (std::uint64_t i = 0; i < tasks; ++i) {
    boost::asio::post(pool, [&] {
      const auto start = std::chrono::steady_clock::now();
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
      histogram.Observe(took.count());
      counter.Increment();
    });
  }
  pool.join();
  if (counter.Value() != static_cast<double>(tasks)) std::abort();
}

void compare_with_asio(const char *null_strategy) {
  const strategy::library opened(null_strategy);
  std::vector<bench::way> ways = {
      {"taskworker, a strategy that does nothing",
       [&](std::uint64_t tasks) { run_harness(opened, {}, tasks); }},
      {"asio::thread_pool, clock pair, prometheus-cpp", run_asio},
  };
  bench::run_rounds(ways, task_count, rounds);
  bench::print(ways);
  const auto times = bench::ratio(bench::cpu_of(ways[0]), bench::cpu_of(ways[1]));
  std::printf("\nasio::thread_pool takes %.1f times the CPU [%.1f - %.1f]\n\n", times.median,
              times.least, times.most);
}

void compare_strategies(const char *optimized_path, const char *bad_path) {
  const strategy::library optimized(optimized_path);
  const strategy::library bad(bad_path);
  std::vector<bench::way> ways = {
      {"optimized, 100 elements", [&](std::uint64_t tasks) { run_harness(optimized, {}, tasks); }},
      {"bad:problems=none, 100 elements",
       [&](std::uint64_t tasks) { run_harness(bad, {{"problems", "none"}}, tasks); }},
  };
  bench::run_rounds(ways, task_count, rounds);
  bench::print(ways);
  const auto times = bench::ratio(bench::cpu_of(ways[0]), bench::cpu_of(ways[1]));
  std::printf("\nbad:problems=none takes %.2f times the CPU [%.2f - %.2f]\n", times.median,
              times.least, times.most);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 2 && argc != 4) {
    std::fprintf(stderr, "usage: harness NULL_STRATEGY.so [OPTIMIZED.so BAD.so]\n");
    return 2;
  }
  std::printf("%u workers, %llu tasks a round, %d rounds in turn\n\n", workers,
              static_cast<unsigned long long>(task_count), rounds);
  compare_with_asio(argv[1]);
  if (argc == 4) compare_strategies(argv[2], argv[3]);
}
