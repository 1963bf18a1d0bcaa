// SPDX-License-Identifier: MIT
// A run of a strategy in this process, without a command line, a report or a server.
#pragma once

#include <chrono>
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

/// Source, queue, workers, ABI call, clock, counters, histograms, until all tasks are done;
/// then `look`, while the strategy still holds what it holds.
template <typename Function>
void run_strategy(const taskworker::strategy::library &opened,
                  const std::vector<taskworker::strategy::given_option> &options,
                  std::uint64_t tasks, Function look) {
  using namespace taskworker;
  constexpr std::uint64_t data_size = 100;
  run_services host_side;
  strategy::host host(host_side);
  strategy::instance instance(
      opened, host,
      {.options = strategy::resolve_options(opened.options(), options, opened.descriptor().name),
       .workers = run_workers,
       .expected_tasks = tasks,
       .data_size = data_size});
  instance.start();
  const auto work = worker::make_builtin_workload(data_size);
  std::promise<void> done;
  worker::pool pool({.workers = run_workers, .result_capacity = data_size * sizeof(std::int64_t)},
                    instance, *work, worker::make_generator(*work, tasks),
                    {.all_done = [&] { done.set_value(); }});
  pool.start();
  done.get_future().wait();
  pool.join();
  if (pool.totals().processed() != tasks) std::abort();
  look();
  instance.stop();
  host_side.close();
}

}  // namespace bench
