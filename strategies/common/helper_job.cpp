// SPDX-License-Identifier: MIT
#include "common/helper_job.hpp"

#include <string>
#include <utility>

namespace taskworker::strategies {
namespace {

constexpr std::uint64_t look_period_ns = 1'000'000'000;

// A callback may still run after cancel() returned, so the job shares what it looks at.
using job_context = std::shared_ptr<worker_state>;

void look(void *context) { (*static_cast<job_context *>(context))->look(); }
void release(void *context) { delete static_cast<job_context *>(context); }

}  // namespace

helper_job::helper_job(const host_link &host, std::shared_ptr<worker_state> watched) : host_(host) {
  if (host_.jobs() == nullptr) return;
  const std::uint32_t worker = watched->index();
  auto context = std::make_unique<job_context>(std::move(watched));
  job_ = host_.jobs()->start(host_.host(), look_period_ns, look, context.get(), release);
  if (job_ != 0) {
    static_cast<void>(context.release());  // the job's from now on
    return;
  }
  const std::string text = "worker " + std::to_string(worker) + " has no helper: no job is left";
  host_.log(TASKWORKER_LOG_WARNING, text.c_str());
}

helper_job::~helper_job() {
  if (job_ != 0) host_.jobs()->cancel(host_.host(), job_);
}

}  // namespace taskworker::strategies
