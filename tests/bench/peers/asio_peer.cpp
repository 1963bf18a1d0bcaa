// SPDX-License-Identifier: MIT
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>

#include "peers/accounted_tasks.hpp"
#include "peers/empty_tasks.hpp"
#include "peers/peer.hpp"

namespace bench::peers {
namespace {

std::atomic<std::uint32_t> worker_count{0};

/// Asio does not number its threads. Each pool has new ones.
std::uint32_t worker_index() noexcept {
  thread_local const std::uint32_t index = worker_count.fetch_add(1) % run_workers;
  return index;
}

template <typename Tasks>
void run(Tasks &tasks, std::uint64_t count) {
  worker_count = 0;
  boost::asio::thread_pool pool(run_workers);
  submit_all(tasks, count, [&](const typename Tasks::task &made) {
    boost::asio::post(pool, [&tasks, made] { tasks.run(worker_index(), made); });
  });
  pool.join();
}

}  // namespace

const peer asio_peer = {asio_name, run<empty_tasks>, run<accounted_tasks>};

}  // namespace bench::peers
