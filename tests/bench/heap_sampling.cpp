// SPDX-License-Identifier: MIT
// heap_sampling BAD.so: what it costs to sample allocations at the default rate, in tasks of
// a strategy that does little else than allocate; in one process, in turn with sampling on
// and off.
#include "profiling/heap/heap.hpp"
#include "rounds.hpp"
#include "strategy_run.hpp"

namespace {

using namespace taskworker;

constexpr int rounds = 31;
constexpr std::uint64_t task_count = 400'000;

void run(const strategy::library &bad, bool is_sampling, std::uint64_t tasks) {
  profiling::set_heap_sampling(is_sampling);
  bench::run_strategy(bad, {{"problems", "alloc"}}, {.tasks = tasks}, [] {});
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: heap_sampling BAD.so\n");
    return 2;
  }
  const strategy::library bad(argv[1]);
  std::vector<bench::way> ways = {
      {"bad:problems=alloc, heap sampling off",
       [&](std::uint64_t tasks) { run(bad, false, tasks); }},
      {"bad:problems=alloc, heap sampling on", [&](std::uint64_t tasks) { run(bad, true, tasks); }},
  };
  bench::run_rounds(ways, task_count, rounds);
  bench::print(ways);
  const auto speeds = bench::ratios(bench::cpu_of(ways[1]), bench::cpu_of(ways[0]));
  const auto speed = bench::spread_of(speeds);
  const auto likely = bench::interval_of_median(speeds);
  std::printf(
      "\nwith sampling %.3f of the speed without, by CPU time; 95 %% interval of the median "
      "[%.3f - %.3f], rounds [%.3f - %.3f]\n",
      speed.median, likely.low, likely.high, speed.least, speed.most);
}
