// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "common/host_link.hpp"
#include "common/worker_state.hpp"

namespace taskworker::strategies {

/// One helper of one worker: a job of the host that takes a look at the worker's status
/// every second, and is cancelled with this object. `host` must outlive it.
class helper_job {
 public:
  /// A host that starts no job is told as a warning: the work goes on without a helper.
  helper_job(const host_link &host, std::shared_ptr<worker_state> watched);
  ~helper_job();
  helper_job(const helper_job &) = delete;
  helper_job &operator=(const helper_job &) = delete;

 private:
  const host_link &host_;
  taskworker_job_id job_ = 0;
};

}  // namespace taskworker::strategies
