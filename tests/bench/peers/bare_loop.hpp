// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <thread>

#include "strategy_run.hpp"

namespace bench::peers {

/// The limit of what a pool can reach: two threads that make tasks and run them, with no
/// queue between. They draw 64 task numbers at a time, so that both end together. Returns
/// how many tasks were run.
template <typename Tasks>
std::uint64_t run_bare_loop(Tasks &tasks, std::uint64_t count) {
  std::atomic<std::uint64_t> drawn{0};
  std::atomic<std::uint64_t> run{0};
  const auto loop = [&](std::uint32_t worker) {
    constexpr std::uint64_t batch = 64;
    for (;;) {
      const std::uint64_t first = drawn.fetch_add(batch, std::memory_order_relaxed);
      if (first >= count) return;
      const std::uint64_t end = std::min(first + batch, count);
      for (std::uint64_t id = first; id < end; ++id) tasks.run(worker, tasks.make(id));
      run.fetch_add(end - first, std::memory_order_relaxed);
    }
  };
  static_assert(run_workers == 2);
  std::thread other(loop, 1);
  loop(0);
  other.join();
  return run.load();
}

}  // namespace bench::peers
