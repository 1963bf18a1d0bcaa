// SPDX-License-Identifier: MIT
#include "worker/pool.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

#include "metrics/tick_clock.hpp"
#include "worker/own_priority.hpp"
#include "worker/pacer.hpp"
#include "worker/space_gate.hpp"

namespace taskworker::worker {
namespace {

/// Tasks handed to one worker before the next one gets some: of all that were handed over, an
/// eighth of a worker's share. So the first ones go one to each, no worker is ever further behind
/// the others than that, and in a long run the cost of handing over, and of waking a worker that
/// waits, is spread over many.
constexpr std::uint64_t parts_of_share = 8;
constexpr std::uint64_t largest_batch = 512;

}  // namespace

/// The workers, and the thread that feeds them.
class pool::feeder {
 public:
  feeder(const pool_config &config, strategy::instance &instance, const workload &tasks,
         std::unique_ptr<task_source> source, pool_events events)
      : config_(config),
        source_(std::move(source)),
        events_(std::move(events)),
        environment_{instance,
                     tasks,
                     config.verify_every,
                     config.nice,
                     config.rate > 0,
                     config.result_capacity,
                     metrics::tick_clock::from_duration(config.task_timeout),
                     config.results,
                     config.expected,
                     events_.wrong_result},
        pacer_(config.rate),
        figures_(tasks.operation_names().size()),
        operation_count_(tasks.operation_names().size()) {
    for (std::uint32_t i = 0; i < config.workers; ++i) {
      workers_.push_back(std::make_unique<worker_thread>(i, config.queue_capacity, environment_));
    }
    unfinished_.store(config.workers);
  }

  ~feeder() { join(); }

  void join() {
    if (thread_.joinable()) thread_.join();
    for (auto &worker : workers_) worker->join();
  }

  void start() {
    try {
      for (auto &worker : workers_) worker->start();
      thread_ = std::thread([this] { run(); });
    } catch (const std::system_error &) {
      // Those that run end; of the others nothing is left.
      for (auto &worker : workers_) worker->finish([] {});
      join();
      throw;
    }
  }

  void drain() noexcept {
    environment_.discarding.store(true, std::memory_order_relaxed);
    closing_.store(true, std::memory_order_seq_cst);
    source_->interrupt();
    environment_.space.open();
  }

  metrics::task_totals totals() const {
    metrics::task_totals totals(operation_count_);
    // The queues first, what was generated last: a task in between is counted as
    // queued, never lost.
    for (const auto &worker : workers_) {
      totals.queued += worker->queue().size();
      worker->figures().add_to(totals);
    }
    figures_.add_to(totals);
    totals.generated = generated_.get();
    return totals;
  }

  metrics::task_counts counts() const noexcept {
    metrics::task_counts counts;
    for (const auto &worker : workers_) worker->figures().add_to(counts);
    figures_.add_to(counts);
    counts.generated = generated_.get();
    return counts;
  }

  std::vector<busy_worker> running_tasks() const {
    std::vector<busy_worker> running;
    for (std::uint32_t i = 0; i < workers_.size(); ++i) {
      if (const auto task = workers_[i]->current()) running.push_back({i, *task});
    }
    return running;
  }

  [[nodiscard]] std::uint64_t first_accepted() const noexcept { return first_accepted_.get(); }
  [[nodiscard]] const std::vector<std::unique_ptr<worker_thread>> &workers() const {
    return workers_;
  }

 private:
  void run() {
    ::pthread_setname_np(::pthread_self(), "tw-source");
    lower_own_priority(config_.nice);
    try {
      feed();
    } catch (const std::exception &error) {
      events_.source_failed(error.what());
    } catch (...) {
      events_.source_failed("an exception of the workload");
    }
    for (auto &worker : workers_) {
      worker->finish([this] {
        if (unfinished_.fetch_sub(1) == 1) events_.all_done();
      });
    }
  }

  void feed() {
    start_time_ = std::chrono::steady_clock::now();
    while (!is_closing()) {
      const auto due = static_cast<std::size_t>(pacer_.due(produced_, elapsed_ns(), batch_size()));
      if (due == 0) {
        wait_until_due();
      } else if (worker_thread *worker = next_with_room()) {
        if (!feed(*worker, due)) return;
      } else {
        environment_.space.wait([this] { return is_closing() || has_room(); });
      }
    }
  }

  [[nodiscard]] std::uint64_t batch_size() const {
    return std::clamp(produced_ / (parts_of_share * workers_.size()), std::uint64_t{1},
                      largest_batch);
  }

  /// Hands over up to `wanted` tasks. False when the source has ended.
  bool feed(worker_thread &worker, std::size_t wanted) {
    const std::span<task_slot> slots = worker.queue().free_slots(wanted);
    const fill_result result = source_->fill(slots);
    const std::uint64_t now = metrics::tick_clock::now();
    const std::uint64_t now_ns = elapsed_ns();
    if (first_accepted_.get() == 0) first_accepted_.set(now);
    for (std::size_t i = 0; i < result.filled; ++i)
      slots[i].due = due_ticks(produced_ + i, now, now_ns);
    produced_ += result.filled;
    generated_.add(result.filled + result.bad_inputs);
    for (std::uint64_t i = 0; i < result.bad_inputs; ++i) {
      figures_.count_error(metrics::task_error::bad_input);
    }
    if (result.filled > 0) {
      worker.queue().publish(result.filled);
      worker.wake();
    }
    return !result.ended;
  }

  /// The next worker whose queue has room, in turn; null when none has.
  worker_thread *next_with_room() {
    for (std::size_t tried = 0; tried < workers_.size(); ++tried) {
      worker_thread &worker = *workers_[turn_];
      turn_ = (turn_ + 1) % workers_.size();
      if (!worker.queue().free_slots(1).empty()) return &worker;
    }
    return nullptr;
  }

  [[nodiscard]] bool has_room() const {
    return std::any_of(workers_.begin(), workers_.end(), [](const auto &worker) {
      return worker->queue().size() < worker->queue().capacity();
    });
  }

  void wait_until_due() {
    const auto due =
        start_time_ + std::chrono::nanoseconds(static_cast<std::int64_t>(pacer_.due_ns(produced_)));
    environment_.space.wait([this] { return is_closing(); }, due);
  }

  // The lateness alone is turned into ticks, not the time since the start: the length of a tick
  // is known to some millionths, which of an hour are milliseconds.
  [[nodiscard]] std::uint64_t due_ticks(std::uint64_t number, std::uint64_t now,
                                        std::uint64_t now_ns) const {
    if (!pacer_.is_paced()) return now;
    const auto late =
        std::chrono::nanoseconds(static_cast<std::int64_t>(pacer_.late_ns(number, now_ns)));
    return now - metrics::tick_clock::from_duration(late);
  }

  [[nodiscard]] std::uint64_t elapsed_ns() const {
    if (!pacer_.is_paced()) return 0;
    return static_cast<std::uint64_t>((std::chrono::steady_clock::now() - start_time_).count());
  }

  [[nodiscard]] bool is_closing() const noexcept {
    return closing_.load(std::memory_order_relaxed);
  }

  // Constant after construction.
  const pool_config config_;
  const std::unique_ptr<task_source> source_;
  const pool_events events_;
  worker_environment environment_;
  const pacer pacer_;
  std::vector<std::unique_ptr<worker_thread>> workers_;

  // The feeding thread's own; figures_ is read by others.
  metrics::worker_figures figures_;
  const std::size_t operation_count_;
  metrics::single_writer_counter generated_;
  metrics::single_writer_counter first_accepted_;
  std::uint64_t produced_ = 0;  ///< tasks handed over
  std::size_t turn_ = 0;
  std::chrono::steady_clock::time_point start_time_;

  std::atomic<bool> closing_{false};
  std::atomic<std::uint32_t> unfinished_{0};

  std::thread thread_;
};

pool::pool(const pool_config &config, strategy::instance &instance, const workload &tasks,
           std::unique_ptr<task_source> source, pool_events events)
    : feeder_(std::make_unique<feeder>(config, instance, tasks, std::move(source),
                                       std::move(events))) {}

pool::~pool() = default;

void pool::start() { feeder_->start(); }
void pool::drain() noexcept { feeder_->drain(); }
metrics::task_totals pool::totals() const { return feeder_->totals(); }
metrics::task_counts pool::counts() const noexcept { return feeder_->counts(); }
void pool::join() { feeder_->join(); }

double pool::busy_seconds() const {
  const std::uint64_t first = feeder_->first_accepted();
  const std::uint64_t last = totals().last_done;
  return first != 0 && last > first ? metrics::tick_clock::to_seconds(last - first) : 0;
}

std::vector<busy_worker> pool::running_tasks() const { return feeder_->running_tasks(); }

std::vector<worker_tasks> pool::tasks_by_worker() const {
  std::vector<worker_tasks> all;
  for (const auto &worker : feeder_->workers()) {
    const auto running = worker->current();
    const std::uint64_t longest = worker->figures().longest_run();
    all.push_back({running ? std::optional(running->id) : std::nullopt,
                   static_cast<std::uint64_t>(metrics::tick_clock::to_ns(longest))});
  }
  return all;
}

std::uint64_t pool::allocated_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto &worker : feeder_->workers()) bytes += worker->allocated_bytes();
  return bytes;
}

std::uint64_t pool::allocations() const {
  std::uint64_t count = 0;
  for (const auto &worker : feeder_->workers()) count += worker->allocations();
  return count;
}

}  // namespace taskworker::worker
