// SPDX-License-Identifier: MIT
// profiling_cost OPTIMIZED.so: what it costs `optimized` to be watched, in CPU time of the
// whole process, the profiler's own thread too; in one process, in turn.
#include <chrono>
#include <cstdio>
#include <optional>

#include "profiling/contention/contention.hpp"
#include "profiling/cpu/cpu_profiler.hpp"
#include "rounds.hpp"
#include "strategy_run.hpp"

namespace {

using namespace taskworker;
using profiling::cpu_profiler;

constexpr int rounds = 31;
constexpr std::uint64_t task_count = 4'000'000;

class watched_run {
 public:
  explicit watched_run(const strategy::library &optimized) : optimized_(optimized) {}

  void alone(std::uint64_t tasks) const {
    bench::run_strategy(optimized_, {}, {.tasks = tasks}, [] {});
  }

  /// As every run with endpoints is: the time just gone is kept.
  void with_history(std::uint64_t tasks) const {
    const cpu_profiler profiler(labels());
    alone(tasks);
  }

  void with_profile(std::uint64_t tasks) const {
    cpu_profiler profiler(labels(), {.keeps_history = false});
    const auto window = profiler.open(cpu_profiler::default_hz);
    alone(tasks);
  }

  void with_contention(std::uint64_t tasks) const {
    profiling::set_contention_recording(true);
    alone(tasks);
    profiling::set_contention_recording(false);
  }

 private:
  static profiling::sample_labels labels() {
    return {"optimized", {"sum", "multiply", "square", "filter"}};
  }

  const strategy::library &optimized_;
};

void print_speed(const bench::way &watched, const bench::way &alone) {
  const auto speeds = bench::ratios(bench::cpu_of(watched), bench::cpu_of(alone));
  const auto likely = bench::interval_of_median(speeds);
  std::printf("%-44s %.3f of the speed, 95 %% interval of the median [%.3f - %.3f]\n",
              watched.name.c_str(), bench::spread_of(speeds).median, likely.low, likely.high);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: profiling_cost OPTIMIZED.so\n");
    return 2;
  }
  const strategy::library optimized(argv[1]);
  const watched_run run(optimized);
  std::vector<bench::way> ways = {
      {"not watched", [&](std::uint64_t tasks) { run.alone(tasks); }},
      {"history, 20 samples a CPU second", [&](std::uint64_t tasks) { run.with_history(tasks); }},
      {"a profile, 100 samples a CPU second",
       [&](std::uint64_t tasks) { run.with_profile(tasks); }},
      {"contention recorded", [&](std::uint64_t tasks) { run.with_contention(tasks); }},
  };
  bench::run_rounds(ways, task_count, rounds);
  bench::print(ways);
  std::printf("\n");
  for (std::size_t i = 1; i < ways.size(); ++i) print_speed(ways[i], ways[0]);
}
