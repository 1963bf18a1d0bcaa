// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <cstdint>
#include <string>
#include <vector>

#include "check/call.hpp"
#include "check/checking_host.hpp"
#include "check/lent_config.hpp"
#include "check/opened_strategy.hpp"
#include "strategy/instance.hpp"
#include "worker/job_loop.hpp"

namespace taskworker::check {

/// An instance of the strategy with a host of its own. The members call it in the order in
/// which they stand here; each throws case_ended where the call fails, lets an exception out
/// or leaves something behind that breaks a rule. One that is not destroyed stays as it is:
/// after a failure nothing more is called. process() belongs to the worker thread of its
/// index, all else to the control thread.
class checked_instance {
 public:
  /// create(). `opened` must outlive it. `is_sealed`: the strategy can only read its host
  /// and configuration.
  checked_instance(const opened_strategy &opened, const strategy::instance_config &config,
                   bool is_sealed = false);
  checked_instance(const checked_instance &) = delete;
  checked_instance &operator=(const checked_instance &) = delete;

  /// True for OK; false where the configuration is refused (`may_refuse`), else that fails.
  bool init(bool may_refuse = false);
  void start();
  [[nodiscard]] taskworker_status process(std::uint32_t worker, const taskworker_task &task,
                                          taskworker_result &result);
  void stop();

  /// Ends the jobs, then destroy().
  void destroy();

  /// The instance's answer; null where it has no get_extension(). While idle.
  [[nodiscard]] const void *extension(const char *id);

  [[nodiscard]] checking_host &host() { return host_; }

  /// Jobs that stop() left behind.
  [[nodiscard]] const std::vector<worker::job_info> &jobs_left() const { return jobs_left_; }

 private:
  void check_functions() const;
  void check_unchanged(call after) const;
  void expect_ok(taskworker_status status, call what) const;
  void end_jobs();

  const opened_strategy &opened_;
  checking_host host_;
  lent_config config_;
  taskworker_instance *abi_ = nullptr;
  taskworker_instance made_{};  ///< as create() returned it
  std::vector<worker::job_info> jobs_left_;
};

}  // namespace taskworker::check
