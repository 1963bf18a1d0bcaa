// SPDX-License-Identifier: MIT
#include "strategy/process_address.hpp"

#include "strategy/host.hpp"
#include "strategy/instance.hpp"
#include "strategy/options.hpp"

namespace taskworker::strategy {
namespace {

// An instance that is never started has no jobs; what it says is told by load_error.
class no_services final : public host_services {
 public:
  void log(taskworker_log_severity, const char *) noexcept override {}
  taskworker_job_id start_job(std::uint64_t, taskworker_job_callback, void *,
                              taskworker_job_release) noexcept override {
    return 0;
  }
  void cancel_job(taskworker_job_id) noexcept override {}
};

}  // namespace

std::uintptr_t find_process(const library &opened, const std::vector<given_option> &options) {
  no_services services;
  host instance_host(services);
  const instance made(
      opened, instance_host,
      {.options = resolve_options(opened.options(), options, opened.descriptor().name)});
  return made.process_address();
}

}  // namespace taskworker::strategy
