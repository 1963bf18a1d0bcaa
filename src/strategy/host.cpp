// SPDX-License-Identifier: MIT
#include "strategy/host.hpp"

#include <taskworker/ext/stop.h>
#include <taskworker/ext/thread_check.h>

#include <cstring>

#include "strategy/version.hpp"

namespace taskworker::strategy {
namespace {

thread_local thread_role current_role = thread_role::none;
thread_local std::uint32_t current_worker = 0;

host &of(const taskworker_host *abi) noexcept { return *static_cast<host *>(abi->host_data); }

constexpr taskworker_host_log log_extension{
    .log =
        [](const taskworker_host *abi, taskworker_log_severity severity, const char *message) {
          of(abi).services().log(severity, message != nullptr ? message : "(null message)");
        },
};

constexpr taskworker_host_stop stop_extension{
    .is_stopping = [](const taskworker_host *abi) -> std::int32_t {
      return of(abi).is_stopping() ? 1 : 0;
    },
};

constexpr taskworker_host_jobs jobs_extension{
    .start =
        [](const taskworker_host *abi, std::uint64_t period_ns, taskworker_job_callback callback,
           void *context, taskworker_job_release release) {
          return of(abi).services().start_job(period_ns, callback, context, release);
        },
    .cancel = [](const taskworker_host *abi,
                 taskworker_job_id job) { of(abi).services().cancel_job(job); },
};

constexpr taskworker_host_thread_check thread_check_extension{
    .is_control_thread = [](const taskworker_host *) -> std::int32_t {
      return current_role == thread_role::control ? 1 : 0;
    },
    .is_worker_thread = [](const taskworker_host *, std::uint32_t worker) -> std::int32_t {
      return current_role == thread_role::worker && current_worker == worker ? 1 : 0;
    },
    .is_job_thread = [](const taskworker_host *) -> std::int32_t {
      return current_role == thread_role::job ? 1 : 0;
    },
};

const void *find_extension(const taskworker_host *, const char *id) {
  struct entry {
    const char *id;
    const void *extension;
  };
  static constexpr entry extensions[] = {
      {TASKWORKER_EXT_LOG, &log_extension},
      {TASKWORKER_EXT_STOP, &stop_extension},
      {TASKWORKER_EXT_JOBS, &jobs_extension},
      {TASKWORKER_EXT_THREAD_CHECK, &thread_check_extension},
  };
  if (id == nullptr) return nullptr;
  for (const auto &known : extensions) {
    if (std::strcmp(known.id, id) == 0) return known.extension;
  }
  return nullptr;
}

}  // namespace

host::host(host_services &services)
    : services_(services),
      abi_{TASKWORKER_ABI_VERSION, "taskworker", program_version, this, &find_extension} {}

scoped_thread_role::scoped_thread_role(thread_role role, std::uint32_t worker) noexcept
    : previous_role_(current_role), previous_worker_(current_worker) {
  current_role = role;
  current_worker = worker;
}

scoped_thread_role::~scoped_thread_role() {
  current_role = previous_role_;
  current_worker = previous_worker_;
}

}  // namespace taskworker::strategy
