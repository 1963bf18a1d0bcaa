// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <thread>
#include <vector>

#include "peers/peer.hpp"
#include "strategy_run.hpp"

namespace bench::peers {

/// `queue` between the calling thread, which submits, and two threads of its own. It has
/// push(task), close() after the last one, and drain(function), which calls the function
/// with each task until the queue is closed and empty.
template <typename Queue, typename Tasks>
void run_on_own_threads(Queue &queue, Tasks &tasks, std::uint64_t count) {
  std::vector<std::jthread> threads;
  for (std::uint32_t worker = 0; worker < run_workers; ++worker) {
    threads.emplace_back([&, worker] {
      queue.drain([&](const typename Tasks::task &taken) { tasks.run(worker, taken); });
    });
  }
  submit_all(tasks, count, [&](const typename Tasks::task &made) { queue.push(made); });
  queue.close();
}

}  // namespace bench::peers
