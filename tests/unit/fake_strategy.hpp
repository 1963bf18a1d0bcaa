// SPDX-License-Identifier: MIT
// A strategy made of C++ functions, for tests of what calls strategies.
#pragma once

#include <taskworker/strategy.h>

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "strategy/host.hpp"
#include "strategy/instance.hpp"

namespace fake {

using process_function = std::function<taskworker_status(
    std::uint32_t worker, const taskworker_task &, taskworker_result &)>;

/// What the strategy's process() does; set before an instance is made.
inline process_function process;

inline taskworker_status ok(taskworker_instance *) { return TASKWORKER_OK; }
inline void nothing(taskworker_instance *) {}

inline taskworker_instance instance = {
    nullptr,
    ok,
    [](taskworker_instance *, std::uint32_t) -> taskworker_status { return TASKWORKER_OK; },
    [](taskworker_instance *, std::uint32_t worker, const taskworker_task *task,
       taskworker_result *result) { return process(worker, *task, *result); },
    nothing,
    nothing,
    nullptr,
};

inline const taskworker_entry entry = {
    TASKWORKER_ABI_VERSION,
    {"fake", "1.0.0", "for tests", nullptr, nullptr},
    nullptr,
    nullptr,
    [](const taskworker_host *, const taskworker_config *) { return &instance; },
    nullptr,
};

/// Host services that record what was logged; without jobs.
class services final : public taskworker::strategy::host_services {
 public:
  void log(taskworker_log_severity, const char *message) noexcept override {
    const std::lock_guard lock(mutex_);
    messages_.emplace_back(message);
  }
  taskworker_job_id start_job(std::uint64_t, taskworker_job_callback, void *,
                              taskworker_job_release) noexcept override {
    return 0;
  }
  void cancel_job(taskworker_job_id) noexcept override {}

  std::vector<std::string> messages() {
    const std::lock_guard lock(mutex_);
    return messages_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> messages_;
};

}  // namespace fake
