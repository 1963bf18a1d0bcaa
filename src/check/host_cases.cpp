// SPDX-License-Identifier: MIT
// What a strategy does with the host that it is given.
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "check/check_case.hpp"
#include "check/verdict.hpp"

namespace taskworker::check {
namespace {

/// Waits until the job loop of an instance has run a job of its own some times: those of the
/// strategy with as short a period have then run as well.
class job_witness {
 public:
  explicit job_witness(checking_host &host) : host_(host) {
    job_ = host_.jobs().start(shortest_period_ns, &job_witness::run, this, nullptr);
  }

  void wait(int runs) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return runs_ >= runs; });
    host_.jobs().cancel(job_);
  }

 private:
  static constexpr std::uint64_t shortest_period_ns = 1'000'000;

  static void run(void *context) {
    auto *self = static_cast<job_witness *>(context);
    const std::lock_guard lock(self->mutex_);
    ++self->runs_;
    self->changed_.notify_all();
  }

  checking_host &host_;
  taskworker_job_id job_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  int runs_ = 0;  ///< protected by mutex_
};

constexpr int enough_runs = 5;

/// A life in which jobs have the time to run beside tasks.
void live_with_jobs(case_context &context, bool is_sealed = false) {
  constexpr std::uint32_t workers = 2;
  auto &made = context.make_instance(context.config(workers), is_sealed);
  const auto tasks = context.tasks();
  made.start();
  job_witness witness(made.host());
  on_worker_threads(workers, [&](std::uint32_t worker) {
    for (std::uint64_t i = 0; i < 16; ++i) {
      case_context::run_task(made, worker, *tasks, lent_task(*tasks, i * workers + worker));
    }
  });
  witness.wait(enough_runs);
  made.stop();
  context.destroy(made);
}

void calls_on_right_thread(case_context &context) { live_with_jobs(context); }
void host_untouched(case_context &context) { live_with_jobs(context, true); }

// destroy() of the checked instance fails where the jobs do not end.
void contexts_released(case_context &context) {
  for (int i = 0; i < 2; ++i) live_with_jobs(context);
}

constexpr check_case cases[] = {
    {"calls-on-right-thread",
     "calls the host only with the host that it was given, while it may, and from init() on",
     "strategy.h (7)", calls_on_right_thread},
    {"host-untouched", "only reads what the host gives it: host and configuration",
     "strategy.h (5)", host_untouched},
    {"contexts-released", "lets its jobs come to their end after stop(), each context released",
     "ext/jobs.h, taskworker_job_release", contexts_released},
};

}  // namespace

std::span<const check_case> host_cases() { return cases; }

}  // namespace taskworker::check
