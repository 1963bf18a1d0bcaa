// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "metrics/worker_figures.hpp"
#include "strategy/instance.hpp"
#include "worker/results_file.hpp"
#include "worker/space_gate.hpp"
#include "worker/task_queue.hpp"
#include "worker/workload.hpp"

namespace taskworker::worker {

/// What finds a result wrong.
enum class checked_by : std::uint8_t { workload, expected_results };

/// Told of a task whose result is wrong. [thread-safe]
using wrong_result_event =
    std::function<void(const taskworker_task &, const taskworker_result &, checked_by)>;

/// What all workers of a pool share. Constant while they run, apart from the two
/// members that say so.
struct worker_environment {
  strategy::instance &instance;
  const workload &tasks;
  std::uint64_t verify_every = 0;     ///< check each task whose id this divides; 0 = none
  int nice = 0;                       ///< added to the workers' niceness
  bool is_paced = false;              ///< tasks come at a rate, with pauses between them
  std::size_t result_capacity = 0;    ///< bytes of result data to have ready
  std::uint64_t task_timeout = 0;     ///< ticks: what fails after it has timed out; 0 = none
  results_writer *results = nullptr;  ///< gets each result that is checked; may be null
  const expected_results *expected = nullptr;  ///< what they must equal; may be null
  wrong_result_event wrong_result;
  std::atomic<bool> discarding{false};  ///< from now on waiting tasks are thrown out
  space_gate space;                     ///< opened when a queue has room again
};

/// A task that a strategy is at work on.
struct running_task {
  std::uint64_t id = 0;
  std::uint32_t operation = 0;
  pid_t thread = 0;  ///< the worker's
};

/// One worker: a thread with an Asio loop ("tw-worker-N") that processes the tasks
/// of its queue in batches.
///
/// The loop is posted to on the idle edge only: when a task is published to a worker
/// that has found its queue empty. While tasks keep coming no lock is taken and
/// nothing is allocated.
class worker_thread {
 public:
  worker_thread(std::uint32_t index, std::size_t queue_capacity, worker_environment &environment);

  /// As join(). REQUIRES: start() was not called, or finish() has completed.
  ~worker_thread();
  worker_thread(const worker_thread &) = delete;
  worker_thread &operator=(const worker_thread &) = delete;

  void start();

  /// Waits until the thread is gone. After `done` of finish().
  void join();

  /// [the feeding thread]
  [[nodiscard]] task_queue &queue() noexcept;
  [[nodiscard]] const task_queue &queue() const noexcept;

  /// To be called after tasks were published. [the feeding thread]
  void wake();

  /// Lets the worker end once its queue is empty, then calls `done` on its thread,
  /// as the last thing that happens there. To be called once. [the feeding thread]
  void finish(std::function<void()> done);

  /// [thread-safe]
  [[nodiscard]] const metrics::worker_figures &figures() const noexcept;

  /// The task that the strategy is at work on now. [thread-safe]
  [[nodiscard]] std::optional<running_task> current() const noexcept;

  /// What the strategy allocated on this thread, in process(): exact. Holds after
  /// `done`; 0 without jemalloc.
  [[nodiscard]] std::uint64_t allocated_bytes() const noexcept;
  [[nodiscard]] std::uint64_t allocations() const noexcept;

 private:
  class loop;
  std::unique_ptr<loop> loop_;
};

}  // namespace taskworker::worker
