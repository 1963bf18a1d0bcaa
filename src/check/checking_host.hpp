// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "check/guarded_memory.hpp"
#include "strategy/host.hpp"
#include "worker/job_loop.hpp"

namespace taskworker::check {

/// Where in its life an instance is.
enum class life_state : std::uint8_t {
  creating,    ///< in create()
  created,     ///< also in init()
  idle,        ///< also in start()
  running,     ///< also in stop()
  destroying,  ///< in destroy()
};

/// The host that one instance is given: the extensions of the program's own, and before each
/// a check that the call is legal now. What is not is noted (note_violation). What the
/// strategy logs goes to standard error.
class checking_host final : private strategy::host_services {
 public:
  /// `is_sealed`: the strategy can only read what it is given.
  explicit checking_host(bool is_sealed);
  ~checking_host() override;
  checking_host(const checking_host &) = delete;
  checking_host &operator=(const checking_host &) = delete;

  [[nodiscard]] const taskworker_host *abi() const;

  void enter(life_state state) noexcept { state_.store(state); }
  [[nodiscard]] life_state state() const noexcept { return state_.load(); }

  /// From now on is_stopping() is true.
  void request_stop() noexcept { inner_.request_stop(); }
  [[nodiscard]] bool is_stopping() const noexcept { return inner_.is_stopping(); }

  [[nodiscard]] worker::job_loop &jobs() { return jobs_; }

  /// The last error that the strategy logged, as " (\"...\")"; empty where there is none.
  [[nodiscard]] std::string last_error() const;

  /// The calls of the strategy to any host so far.
  [[nodiscard]] static std::uint64_t calls_of_process() noexcept;

  /// The program's own extension `id`, for the functions that check a call.
  template <typename Extension>
  [[nodiscard]] const Extension &inner(const char *id) const {
    return *static_cast<const Extension *>(inner_.abi().get_extension(&inner_.abi(), id));
  }
  [[nodiscard]] const taskworker_host *inner_abi() const { return &inner_.abi(); }

  /// Notes a violation by "WHAT was called in CALL".
  void refuse(const std::string &rule, const std::string &what, const std::string &expected) const;

 private:
  void log(taskworker_log_severity severity, const char *message) noexcept override;
  taskworker_job_id start_job(std::uint64_t period_ns, taskworker_job_callback callback,
                              void *context, taskworker_job_release release) noexcept override;
  void cancel_job(taskworker_job_id job) noexcept override;

  strategy::host inner_;
  guarded_memory private_data_;  ///< what host_data points to
  guarded_memory memory_;        ///< holds the taskworker_host
  std::atomic<life_state> state_{life_state::creating};
  mutable std::mutex error_mutex_;
  std::string last_error_;  ///< protected by error_mutex_
  worker::job_loop jobs_;   // last: its thread uses the above
};

}  // namespace taskworker::check
