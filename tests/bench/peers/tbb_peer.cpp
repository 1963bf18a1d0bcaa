// SPDX-License-Identifier: MIT
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#include <cstdint>

#include "peers/accounted_tasks.hpp"
#include "peers/empty_tasks.hpp"
#include "peers/peer.hpp"

namespace bench::peers {
namespace {

std::uint32_t worker_index() {
  return static_cast<std::uint32_t>(tbb::this_task_arena::current_thread_index());
}

// The submitter is one of the two threads: where it has to wait, it does tasks.
template <typename Tasks>
void run(Tasks &tasks, std::uint64_t count) {
  tbb::task_arena arena(run_workers);
  arena.execute([&] {
    tbb::task_group group;
    submit_all(
        tasks, count,
        [&](const typename Tasks::task &made) {
          group.run([&tasks, made] { tasks.run(worker_index(), made); });
        },
        [&] { group.wait(); });
    group.wait();
  });
}

}  // namespace

const peer tbb_peer = {tbb_name, run<empty_tasks>, run<accounted_tasks>};

}  // namespace bench::peers
