// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/ext/jobs.h>
#include <taskworker/ext/log.h>
#include <taskworker/strategy.h>

namespace taskworker::strategies {

/// A strategy's host, with the extensions that both strategies use. A host that lacks one
/// is served without it. [thread-safe] once connect() returned.
class host_link {
 public:
  /// Keeps the host, which lives as long as the instance; calls nothing of it yet.
  explicit host_link(const taskworker_host &host) noexcept : host_(host) {}
  host_link(const host_link &) = delete;
  host_link &operator=(const host_link &) = delete;

  /// Asks for the extensions. To be called in init(), before all below.
  void connect() noexcept;

  void log(taskworker_log_severity severity, const char *message) const noexcept;

  [[nodiscard]] const taskworker_host *host() const noexcept { return &host_; }

  /// Null where the host has no jobs.
  [[nodiscard]] const taskworker_host_jobs *jobs() const noexcept { return jobs_; }

 private:
  const taskworker_host &host_;
  const taskworker_host_log *log_ = nullptr;
  const taskworker_host_jobs *jobs_ = nullptr;
};

}  // namespace taskworker::strategies
