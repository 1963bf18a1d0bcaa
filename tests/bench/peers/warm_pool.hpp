// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <future>
#include <memory>
#include <vector>

#include "strategy_run.hpp"
#include "worker/pool.hpp"
#include "worker/workload.hpp"

namespace bench::peers {

class round_source;

/// The pool of taskworker with a strategy, which stays up from one round to the next: each
/// pool of a process has threads and arenas of its own, which its later rounds would pay for.
class warm_pool {
 public:
  /// `opened` must outlive the object.
  warm_pool(const taskworker::strategy::library &opened,
            const std::vector<taskworker::strategy::given_option> &options, const run_plan &plan);
  ~warm_pool();
  warm_pool(const warm_pool &) = delete;
  warm_pool &operator=(const warm_pool &) = delete;

  /// Until `count` more tasks are done.
  void run(std::uint64_t count);

 private:
  started_instance started_;
  const std::unique_ptr<taskworker::worker::workload> workload_;
  round_source *source_ = nullptr;  ///< the pool's
  std::promise<void> all_done_;
  std::unique_ptr<taskworker::worker::pool> pool_;
  std::uint64_t given_ = 0;
};

}  // namespace bench::peers
