// SPDX-License-Identifier: MIT
#include "common/host_link.hpp"

namespace taskworker::strategies {

void host_link::connect() noexcept {
  const auto ask = [&](const char *id) { return host_.get_extension(&host_, id); };
  log_ = static_cast<const taskworker_host_log *>(ask(TASKWORKER_EXT_LOG));
  jobs_ = static_cast<const taskworker_host_jobs *>(ask(TASKWORKER_EXT_JOBS));
}

void host_link::log(taskworker_log_severity severity, const char *message) const noexcept {
  if (log_ != nullptr) log_->log(&host_, severity, message);
}

}  // namespace taskworker::strategies
