// SPDX-License-Identifier: MIT
// What a strategy does with the host that it is given.
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

#include "check/check_case.hpp"
#include "check/verdict.hpp"

namespace taskworker::check {
namespace {

/// How often a job has run. [thread-safe]
class run_count {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++runs_;
    changed_.notify_all();
  }

  void wait_for(int runs) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return runs_ >= runs; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int runs_ = 0;  ///< protected by mutex_
};

/// Waits until the job loop of an instance has run a job of its own some times: those of the
/// strategy with as short a period have then run as well. The host must outlive it.
class job_witness {
 public:
  explicit job_witness(checking_host &host)
      : host_(host),
        // The job has a share of its own until it is released: a case that fails ends this here
        // while the loop may be in the middle of a run.
        job_(host.jobs().start(shortest_period_ns, &job_witness::run, new share(runs_),
                               &job_witness::release)) {}
  ~job_witness() { host_.jobs().cancel(job_); }
  job_witness(const job_witness &) = delete;
  job_witness &operator=(const job_witness &) = delete;

  void wait(int runs) { runs_->wait_for(runs); }

 private:
  using share = std::shared_ptr<run_count>;

  static constexpr std::uint64_t shortest_period_ns = 1'000'000;

  static void run(void *context) { (*static_cast<share *>(context))->add(); }
  static void release(void *context) { delete static_cast<share *>(context); }

  checking_host &host_;
  const share runs_ = std::make_shared<run_count>();
  const taskworker_job_id job_;
};

constexpr int enough_runs = 5;

/// A life in which jobs have the time to run beside tasks.
void live_with_jobs(case_context &context, bool is_sealed = false) {
  constexpr std::uint32_t workers = 2;
  auto &made = context.make_instance(context.config(workers), is_sealed);
  const auto tasks = context.tasks();
  made.start();
  {
    job_witness witness(made.host());
    on_worker_threads(workers, [&](std::uint32_t worker) {
      for (std::uint64_t i = 0; i < 16; ++i) {
        case_context::run_task(made, worker, *tasks, lent_task(*tasks, i * workers + worker));
      }
    });
    witness.wait(enough_runs);
  }
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
