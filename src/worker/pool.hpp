// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "metrics/worker_figures.hpp"
#include "strategy/instance.hpp"
#include "worker/results_file.hpp"
#include "worker/suspects.hpp"
#include "worker/task_source.hpp"
#include "worker/worker_thread.hpp"
#include "worker/workload.hpp"

namespace taskworker::worker {

struct pool_config {
  std::uint32_t workers = 1;
  /// Tasks that may wait for each worker. A long queue is for the threads' sake: each
  /// time that one waits for the other costs microseconds.
  std::size_t queue_capacity = 4096;
  std::uint64_t rate = 0;           ///< tasks per second; 0 = as fast as it goes
  std::uint64_t verify_every = 0;   ///< check each task whose id this divides; 0 = none
  int nice = 0;                     ///< added to the workers' niceness
  std::size_t result_capacity = 0;  ///< bytes of result data that each worker has ready
  /// What fails after so long counts as timed out; 0 = nothing does.
  std::chrono::nanoseconds task_timeout{0};
  /// Where results that are checked go, and what they must equal; both may be null, and outlive
  /// the pool.
  results_writer *results = nullptr;
  const expected_results *expected = nullptr;
};

/// What a pool tells its owner. All are called from threads of the pool and must
/// return at once.
struct pool_events {
  /// Every task that was taken from the source is accounted for; the threads are
  /// ending. Called once.
  std::function<void()> all_done;
  /// The task source broke; what it gave before is still processed.
  std::function<void(const std::string &reason)> source_failed;
  /// A result that is not right. Called by the worker.
  wrong_result_event wrong_result;
};

/// A worker that is at a task.
struct busy_worker {
  std::uint32_t worker = 0;
  running_task task;
};

/// Takes tasks from a source and has workers process them: a thread that feeds
/// ("tw-source"), and one thread and bounded queue a worker. The source waits while
/// all queues are full.
///
/// Accounting, at any moment after all_done, and within what is in flight before:
/// generated = processed + failed + drained + queued.
class pool {
 public:
  /// The references must outlive the pool.
  pool(const pool_config &config, strategy::instance &instance, const workload &tasks,
       std::unique_ptr<task_source> source, pool_events events);

  /// As join(). REQUIRES: start() was not called, or all_done was.
  ~pool();
  pool(const pool &) = delete;
  pool &operator=(const pool &) = delete;

  /// Begins to take tasks. To be called once. Throws std::system_error when there is no thread to
  /// be had; then no task was taken, and none of its threads is left.
  void start();

  /// Takes no more tasks and throws out those that wait; tasks that are being
  /// processed go on. all_done follows. [thread-safe]
  void drain() noexcept;

  /// Waits until the threads are gone. After all_done.
  void join();

  /// [thread-safe]
  [[nodiscard]] metrics::task_totals totals() const;
  /// [thread-safe], async-signal-safe
  [[nodiscard]] metrics::task_counts counts() const noexcept;
  /// From the first task accepted to the last one done: not the idle time after.
  /// [thread-safe]
  [[nodiscard]] double busy_seconds() const;
  /// [thread-safe]
  [[nodiscard]] std::vector<busy_worker> running_tasks() const;
  /// What each worker is in and has taken at most, by index. [thread-safe]
  [[nodiscard]] std::vector<worker_tasks> tasks_by_worker() const;

  /// What the strategy allocated on the workers, in process(). After all_done.
  [[nodiscard]] std::uint64_t allocated_bytes() const;
  [[nodiscard]] std::uint64_t allocations() const;

 private:
  class feeder;
  std::unique_ptr<feeder> feeder_;
};

}  // namespace taskworker::worker
