// SPDX-License-Identifier: MIT
#include "worker/session_config.hpp"

#include <algorithm>

#include "worker/pool.hpp"

namespace taskworker::worker {
namespace {

/// Tasks that lie in a buffer of their slot cost memory for every slot: from a file, or
/// of a strategy's own workload.
constexpr std::size_t buffered_queue_capacity = 256;
/// One batch of the task source.
constexpr std::size_t shortest_queue = 64;
/// A strategy that wants longer queues gets this: more is memory without use.
constexpr std::size_t longest_queue = 65536;

}  // namespace

std::size_t queue_capacity(const session_config &config, std::uint32_t wanted, bool has_buffers) {
  if (wanted != 0) return std::min<std::size_t>(wanted, longest_queue);
  const std::size_t longest = has_buffers ? buffered_queue_capacity : pool_config{}.queue_capacity;
  if (config.tasks == 0) return longest;
  // No memory for more tasks than will come.
  return std::clamp<std::size_t>(config.tasks / config.workers, shortest_queue, longest);
}

}  // namespace taskworker::worker
