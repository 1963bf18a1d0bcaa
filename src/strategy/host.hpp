// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/ext/jobs.h>
#include <taskworker/ext/log.h>
#include <taskworker/strategy.h>

#include <atomic>
#include <cstdint>

namespace taskworker::strategy {

/// What the host side of the ABI needs from the rest of the program. All
/// functions are called from any thread and must not throw.
class host_services {
 public:
  virtual ~host_services() = default;

  virtual void log(taskworker_log_severity severity, const char *message) noexcept = 0;

  /// Contracts as in ext/jobs.h.
  virtual taskworker_job_id start_job(std::uint64_t period_ns, taskworker_job_callback callback,
                                      void *context, taskworker_job_release release) noexcept = 0;
  virtual void cancel_job(taskworker_job_id job) noexcept = 0;
};

/// The `taskworker_host` that one instance is given, with the extensions log/1,
/// stop/1, jobs/1 and thread_check/1. Must outlive the instance.
class host {
 public:
  explicit host(host_services &services);
  host(const host &) = delete;
  host &operator=(const host &) = delete;

  [[nodiscard]] const taskworker_host &abi() const { return abi_; }

  /// From now on is_stopping() is true. [thread-safe]
  void request_stop() noexcept { stopping_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool is_stopping() const noexcept {
    return stopping_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] host_services &services() const { return services_; }

 private:
  host_services &services_;
  std::atomic<bool> stopping_{false};
  taskworker_host abi_;
};

/// Which promise of the ABI the calling thread keeps now: thread_check/1 answers
/// from it.
enum class thread_role : std::uint8_t { none, control, worker, job };

/// Gives the calling thread a role for the life of this object.
class scoped_thread_role {
 public:
  explicit scoped_thread_role(thread_role role, std::uint32_t worker = 0) noexcept;
  ~scoped_thread_role();
  scoped_thread_role(const scoped_thread_role &) = delete;
  scoped_thread_role &operator=(const scoped_thread_role &) = delete;

 private:
  thread_role previous_role_;
  std::uint32_t previous_worker_;
};

}  // namespace taskworker::strategy
