// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "report/progress.hpp"
#include "worker/session_observer.hpp"

namespace taskworker::report {

/// Tells systemd how the run goes, where it asks for that (Type=notify, WatchdogSec): ready
/// when tasks are taken, stopping when the drain begins, a line of progress for `systemctl
/// status`, and a sign of life at half the watchdog's time, while the control loop turns.
/// The messages are those of sd_notify(3), the variables those of sd_watchdog_enabled(3).
/// What is told goes on to the next observer. Without NOTIFY_SOCKET that is all.
///
/// Told on the thread of session::run(), but for message(). Never blocks and never fails: a
/// message that the manager does not take is lost.
class service_manager final : public worker::session_observer {
 public:
  /// Reads the environment. `tasks`: expected; 0 = not known. `next` must outlive it.
  service_manager(worker::session_observer &next, std::uint64_t tasks);
  ~service_manager() override;
  service_manager(const service_manager &) = delete;
  service_manager &operator=(const service_manager &) = delete;

  void started() override;
  void tick(const worker::session_view &view) override;
  void lingering(std::chrono::nanoseconds left) override;
  void stopping() override;
  void message(taskworker_log_severity severity, const std::string &text,
               bool strategy_speaks) override;

 private:
  void tell(const std::string &state) const;

  worker::session_observer &next_;
  const std::uint64_t tasks_;
  const int socket_;                              ///< connected; -1 = nobody asks
  const std::chrono::nanoseconds life_interval_;  ///< between two signs of life; 0 = none
  std::chrono::nanoseconds last_sign_{0};         ///< since the run began, like the next
  std::chrono::nanoseconds last_status_{0};
  bool lingers_ = false;
  rate_meter rate_;
};

}  // namespace taskworker::report
