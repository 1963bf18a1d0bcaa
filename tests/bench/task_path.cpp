// SPDX-License-Identifier: MIT
// task_path STRATEGY.so TASKS: the path of a task from the source to its figures, for
// instructions.py to count the instructions of. One worker, and a queue that holds all tasks:
// how often threads wait for each other is chance, and is measured elsewhere.
#include <cstdio>
#include <string>

#include "strategy/library.hpp"
#include "strategy_run.hpp"

namespace {

// The same for every number of tasks, so that making it cancels out.
constexpr std::size_t most_tasks = 1 << 17;

}  // namespace

int main(int argc, char **argv) {
  const std::uint64_t tasks = argc == 3 ? std::stoull(argv[2]) : 0;
  if (tasks == 0 || tasks > most_tasks) {
    std::fprintf(stderr, "usage: task_path STRATEGY.so TASKS, at most %zu\n", most_tasks);
    return 2;
  }
  const taskworker::strategy::library opened(argv[1]);
  bench::run_strategy(opened, {}, {.tasks = tasks, .workers = 1, .queue_capacity = most_tasks},
                      [] {});
}
