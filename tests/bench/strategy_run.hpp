// SPDX-License-Identifier: MIT
// A run of a strategy in this process, without a command line, a report or a server.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>
#include <vector>

#include "strategy/host.hpp"
#include "strategy/instance.hpp"
#include "strategy/library.hpp"
#include "strategy/options.hpp"
#include "worker/job_loop.hpp"
#include "worker/pool.hpp"

namespace bench {

class run_services final : public taskworker::strategy::host_services {
 public:
  void log(taskworker_log_severity severity, const char *message) noexcept override {
    if (severity >= TASKWORKER_LOG_WARNING) std::fprintf(stderr, "%s\n", message);
  }
  taskworker_job_id start_job(std::uint64_t period_ns, taskworker_job_callback callback,
                              void *context, taskworker_job_release release) noexcept override {
    return jobs_.start(period_ns, callback, context, release);
  }
  void cancel_job(taskworker_job_id job) noexcept override { jobs_.cancel(job); }

  void close() {
    if (!jobs_.close(std::chrono::seconds(10))) std::abort();
  }

 private:
  taskworker::worker::job_loop jobs_{
      [](const std::string &text) { std::fprintf(stderr, "%s\n", text.c_str()); }};
};

constexpr std::uint32_t run_workers = 2;

/// What a run is of, beside its strategy.
struct run_plan {
  std::uint64_t tasks = 0;
  std::uint64_t data_size = 100;   ///< elements of a task
  std::uint64_t verify_every = 0;  ///< as of worker::pool_config
  std::uint32_t workers = run_workers;
  std::size_t queue_capacity = taskworker::worker::pool_config{}.queue_capacity;
};

/// An instance of a strategy that is started, and stopped with this object.
class started_instance {
 public:
  started_instance(const taskworker::strategy::library &opened,
                   const std::vector<taskworker::strategy::given_option> &options,
                   const run_plan &plan)
      : instance_(opened, host_,
                  {.options = taskworker::strategy::resolve_options(opened.options(), options,
                                                                    opened.descriptor().name),
                   .workers = plan.workers,
                   .expected_tasks = plan.tasks,
                   .data_size = plan.data_size}) {
    instance_.start();
  }
  ~started_instance() {
    instance_.stop();
    services_.close();
  }
  started_instance(const started_instance &) = delete;
  started_instance &operator=(const started_instance &) = delete;

  [[nodiscard]] taskworker::strategy::instance &get() noexcept { return instance_; }

 private:
  run_services services_;
  taskworker::strategy::host host_{services_};
  taskworker::strategy::instance instance_;
};

/// Source, queue, workers, ABI call, clock, counters, histograms, until all tasks are done;
/// then `look`, while the strategy still holds what it holds.
template <typename Function>
void run_strategy(const taskworker::strategy::library &opened,
                  const std::vector<taskworker::strategy::given_option> &options,
                  const run_plan &plan, Function look) {
  using namespace taskworker;
  started_instance started(opened, options, plan);
  const auto work = worker::make_builtin_workload(plan.data_size);
  std::promise<void> done;
  worker::pool pool({.workers = plan.workers,
                     .queue_capacity = plan.queue_capacity,
                     .verify_every = plan.verify_every,
                     .result_capacity = plan.data_size * sizeof(std::int64_t)},
                    started.get(), *work, worker::make_generator(*work, plan.tasks),
                    {.all_done = [&] { done.set_value(); }});
  pool.start();
  done.get_future().wait();
  pool.join();
  if (pool.totals().processed() != plan.tasks) std::abort();
  look();
}

}  // namespace bench
