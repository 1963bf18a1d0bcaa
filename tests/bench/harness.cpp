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

#include "rounds.hpp"
#include "strategy/library.hpp"
#include "strategy_run.hpp"

namespace {

using namespace taskworker;

constexpr int rounds = 7;
constexpr std::uint64_t task_count = 2'000'000;

void run_asio(std::uint64_t tasks) {
  prometheus::Registry registry;
  auto &counter = prometheus::BuildCounter().Name("tasks_total").Register(registry).Add({});
  auto &histogram = prometheus::BuildHistogram()
                        .Name("duration_seconds")
                        .Register(registry)
                        .Add({}, prometheus::Histogram::BucketBoundaries{1e-8, 1e-7, 1e-6, 1e-5,
                                                                         1e-4, 1e-3, 1e-2, 0.1, 1});
  boost::asio::thread_pool pool(bench::run_workers);
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
       [&](std::uint64_t tasks) { bench::run_strategy(opened, {}, tasks, [] {}); }},
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
      {"optimized, 100 elements",
       [&](std::uint64_t tasks) { bench::run_strategy(optimized, {}, tasks, [] {}); }},
      {"bad:problems=none, 100 elements",
       [&](std::uint64_t tasks) {
         bench::run_strategy(bad, {{"problems", "none"}}, tasks, [] {});
       }},
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
  std::printf("%u workers, %llu tasks a round, %d rounds in turn\n\n", bench::run_workers,
              static_cast<unsigned long long>(task_count), rounds);
  compare_with_asio(argv[1]);
  if (argc == 4) compare_strategies(argv[2], argv[3]);
}
