// SPDX-License-Identifier: MIT
// harness NULL_STRATEGY.so: what the harness itself costs a task, with a strategy that
// does nothing; beside it a plain asio::thread_pool that does the same accounting in the
// usual way (a task each, a pair of clock reads, cached prometheus-cpp metrics).
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdlib>
#include <future>

#include "rounds.hpp"
#include "strategy/host.hpp"
#include "strategy/instance.hpp"
#include "strategy/library.hpp"
#include "worker/pool.hpp"

namespace {

using namespace taskworker;

constexpr std::uint32_t workers = 2;
constexpr int rounds = 7;

class no_services final : public strategy::host_services {
 public:
  void log(taskworker_log_severity, const char *message) noexcept override {
    std::fprintf(stderr, "%s\n", message);
  }
  taskworker_job_id start_job(std::uint64_t, taskworker_job_callback, void *,
                              taskworker_job_release) noexcept override {
    return 0;
  }
  void cancel_job(taskworker_job_id) noexcept override {}
};

/// The whole way of a task: source, queue, worker, ABI call, clock, counters, histograms.
void run_harness(const strategy::library &opened, std::uint64_t tasks) {
  no_services services;
  strategy::host host(services);
  strategy::instance instance(opened, host, {.workers = workers});
  instance.start();
  const auto work = worker::make_builtin_workload(100);
  std::promise<void> done;
  worker::pool pool({.workers = workers, .result_capacity = 800}, instance, *work,
                    worker::make_generator(*work, tasks), {.all_done = [&] { done.set_value(); }});
  pool.start();
  done.get_future().wait();
  pool.join();
  if (pool.totals().processed() != tasks) std::abort();
  instance.stop();
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

}  // namespace

int main(int argc, char **argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: harness NULL_STRATEGY.so\n");
    return 2;
  }
  const strategy::library opened(argv[1]);
  std::vector<bench::way> ways = {
      {"taskworker, a strategy that does nothing",
       [&](std::uint64_t tasks) { run_harness(opened, tasks); }},
      {"asio::thread_pool, clock pair, prometheus-cpp", run_asio},
  };
  constexpr std::uint64_t tasks = 2'000'000;
  std::printf("%u workers, %llu tasks a round, %d rounds in turn\n\n", workers,
              static_cast<unsigned long long>(tasks), rounds);
  bench::run_rounds(ways, tasks, rounds);
  bench::print(ways);
  const auto times = bench::ratio(bench::cpu_of(ways[0]), bench::cpu_of(ways[1]));
  std::printf("\nasio::thread_pool takes %.1f times the CPU [%.1f - %.1f]\n", times.median,
              times.least, times.most);
}
