// SPDX-License-Identifier: MIT
#include "worker/worker_thread.hpp"

#include <pthread.h>
#include <sched.h>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <exception>
#include <thread>
#include <vector>

#include "metrics/allocator.hpp"
#include "metrics/host_allocator.hpp"
#include "metrics/tick_clock.hpp"
#include "profiling/running_task.hpp"
#include "strategy/host.hpp"
#include "worker/own_priority.hpp"
#include "worker/payload_buffer.hpp"
#include "worker/result_digest.hpp"
#include "worker/wake_memory.hpp"

namespace taskworker::worker {
namespace {

/// Tasks between two looks at the queue: past 64 the cost of looking is gone, and
/// the source should not wait long for room.
constexpr std::size_t batch_size = 64;

/// A fifth less wall time with two workers, a sixth less CPU time with 64. At a rate of 100,000
/// tasks a second, where each has to be waited for, it would be a fifth more.
constexpr int most_yields = 4;

/// The text that a strategy may give with a result; the ABI promises 128 bytes.
constexpr std::size_t info_capacity = 256;

/// How long the thread's cache may keep to itself what it has served: the allocator's
/// totals lag by that. A flush takes some microseconds.
constexpr auto flush_period = std::chrono::milliseconds(100);

}  // namespace

class worker_thread::loop {
 public:
  loop(std::uint32_t index, std::size_t queue_capacity, worker_environment &environment)
      : index_(index),
        environment_(environment),
        queue_(queue_capacity),
        figures_(environment.tasks.operation_names().size()),
        result_data_(environment.result_capacity) {}

  ~loop() { join(); }

  void join() {
    if (thread_.joinable()) thread_.join();
  }

  void start() {
    thread_ = std::thread([this] { run(); });
  }

  void wake() {
    // With the fence in went_idle(): either the worker sees the published tasks, or
    // this thread sees that it is idle.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (idle_.load(std::memory_order_relaxed) && idle_.exchange(false)) {
      const std::pmr::polymorphic_allocator<> allocator(&wake_memory_);
      boost::asio::post(context_, boost::asio::bind_allocator(allocator, [this] { work(); }));
    }
  }

  void finish(std::function<void()> done) {
    boost::asio::post(context_, [this, done = std::move(done)] {
      work();
      done_ = done;
      work_guard_.reset();
    });
  }

  [[nodiscard]] task_queue &queue() noexcept { return queue_; }
  [[nodiscard]] const metrics::worker_figures &figures() const noexcept { return figures_; }
  [[nodiscard]] std::uint64_t allocated_bytes() const noexcept { return allocated_bytes_; }
  [[nodiscard]] std::uint64_t allocations() const noexcept { return allocations_; }

  [[nodiscard]] std::optional<running_task> current() const noexcept {
    const std::uint64_t id_plus_one = current_.id_plus_one();
    if (id_plus_one == 0) return std::nullopt;
    return running_task{id_plus_one - 1, current_.operation(), tid_.load()};
  }

 private:
  void run() {
    const std::string name = "tw-worker-" + std::to_string(index_);
    ::pthread_setname_np(::pthread_self(), name.c_str());
    tid_.store(::gettid());
    lower_own_priority(environment_.nice);
    const strategy::scoped_thread_role role(strategy::thread_role::worker, index_);
    profiling::set_running_task(&current_);
    arena_.enter();
    using bytes_scope = metrics::host_allocation_scope;
    using counted_scope = metrics::counted_host_allocation_scope;
    const std::uint64_t allocations_before = counted_scope::strategy_allocations_on_this_thread();
    const std::uint64_t bytes_before = bytes_scope::strategy_bytes_on_this_thread();
    context_.run();
    allocated_bytes_ = bytes_scope::strategy_bytes_on_this_thread() - bytes_before;
    allocations_ = counted_scope::strategy_allocations_on_this_thread() - allocations_before;
    done_();
  }

  /// Processes tasks until the queue is empty.
  void work() {
    do {
      for (;;) {
        const std::span<task_slot> batch = queue_.waiting(batch_size);
        if (batch.empty()) break;
        process(batch);
        if (queue_.size() <= queue_.capacity() / 2) environment_.space.open();
      }
    } while (came_soon() || !went_idle());
  }

  /// Lets the source run, a moment only, where it has tasks at hand: to sleep and be woken
  /// costs both threads more.
  bool came_soon() noexcept {
    if (environment_.is_paced) return false;
    for (int i = 0; i < most_yields && queue_.size() == 0; ++i) ::sched_yield();
    return queue_.size() != 0;
  }

  bool went_idle() noexcept {
    idle_.store(true, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return queue_.size() == 0 || !idle_.exchange(false);
  }

  void process(std::span<task_slot> batch) {
    std::uint64_t now = metrics::tick_clock::now();
    for (task_slot &slot : batch) {
      if (environment_.discarding.load(std::memory_order_relaxed)) [[unlikely]] {
        figures_.count_drained();
      } else {
        now = process(slot, now);
      }
      queue_.pop();
    }
    figures_.set_last_done(now);
    if (now - last_flush_ > flush_ticks_) {
      metrics::thread_arena::flush();
      last_flush_ = now;
    }
  }

  /// One task, from `start`; returns the time at which it was done, which is the
  /// start of the next one: one read of the clock a task.
  std::uint64_t process(task_slot &slot, std::uint64_t start) {
    current_.begin(slot.task.id, slot.task.operation);
    taskworker_result result = empty_result();
    taskworker_status status = environment_.instance.process(index_, slot.task, result);
    if (status == TASKWORKER_NO_CAPACITY) [[unlikely]] {
      status = process_with_more_room(slot.task, result);
    }
    const std::uint64_t end = metrics::tick_clock::now();
    figures_.record_run(slot.task.operation, end - start, start > slot.due ? start - slot.due : 0);
    current_.end();
    if (status != TASKWORKER_OK || !fits(result)) [[unlikely]] {
      environment_.instance.tell_breach(status, result, result_data_.capacity(), info_.size());
      count_failure(status, end - start);
      return end;
    }
    if (environment_.verify_every == 0 || slot.task.id % environment_.verify_every != 0)
        [[likely]] {
      figures_.count_processed(slot.task.operation);
      return end;
    }
    verify(slot.task, result);
    return metrics::tick_clock::now();
  }

  [[nodiscard]] taskworker_result empty_result() noexcept {
    taskworker_result result{};
    result.data = result_data_.data();
    result.data_capacity = result_data_.capacity();
    result.info = info_.data();
    result.info_capacity = info_.size();
    return result;
  }

  /// False for sizes that the strategy cannot have written: nobody reads such a result.
  [[nodiscard]] bool fits(const taskworker_result &result) const noexcept {
    return result.data_size <= result_data_.capacity() && result.info_size <= info_.size();
  }

  void make_room_for(const taskworker_result &result) {
    const metrics::counted_host_allocation_scope counting;
    result_data_.reserve(result.data_size);
    if (result.info_size > info_.size()) info_.resize(result.info_size);
  }

  taskworker_status process_with_more_room(const taskworker_task &task, taskworker_result &result) {
    try {
      if (!fits(result)) make_room_for(result);
    } catch (const std::exception &) {
      return TASKWORKER_FAILED;
    }
    result = empty_result();
    return environment_.instance.process(index_, task, result);
  }

  void count_failure(taskworker_status status, std::uint64_t duration) noexcept {
    if (status == TASKWORKER_CANCELLED && environment_.discarding.load()) {
      figures_.count_drained();
    } else {
      const bool is_late = environment_.task_timeout != 0 && duration > environment_.task_timeout;
      figures_.count_error(is_late ? metrics::task_error::timed_out : metrics::task_error::failed);
    }
  }

  void verify(const taskworker_task &task, const taskworker_result &result) {
    figures_.add_result_digest(digest_of(task, result));
    if (environment_.results != nullptr) environment_.results->add(task, result);
    const bool is_right = environment_.tasks.check(task, result);
    if (is_right && is_expected(task, result)) {
      figures_.count_processed(task.operation);
      return;
    }
    figures_.count_error(metrics::task_error::wrong_result);
    environment_.wrong_result(task, result,
                              is_right ? checked_by::expected_results : checked_by::workload);
  }

  [[nodiscard]] bool is_expected(const taskworker_task &task,
                                 const taskworker_result &result) const {
    return environment_.expected == nullptr || environment_.expected->check(task, result);
  }

  // Constant after construction.
  const std::uint32_t index_;
  worker_environment &environment_;
  const std::uint64_t flush_ticks_ = metrics::tick_clock::from_duration(flush_period);
  const metrics::thread_arena arena_;

  // Shared with the feeding thread.
  task_queue queue_;
  alignas(64) std::atomic<bool> idle_{true};
  wake_memory wake_memory_;  // before what may hold some of it
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_guard_{
      context_.get_executor()};

  // The worker's own; figures, current task and thread are read by others.
  metrics::worker_figures figures_;
  profiling::running_task_slot current_{index_};
  std::atomic<pid_t> tid_{0};
  payload_buffer result_data_;
  std::vector<char> info_ = std::vector<char>(info_capacity);
  std::uint64_t last_flush_ = 0;  ///< in ticks
  std::uint64_t allocated_bytes_ = 0;
  std::uint64_t allocations_ = 0;
  std::function<void()> done_;

  std::thread thread_;
};

worker_thread::worker_thread(std::uint32_t index, std::size_t queue_capacity,
                             worker_environment &environment)
    : loop_(std::make_unique<loop>(index, queue_capacity, environment)) {}

worker_thread::~worker_thread() = default;

void worker_thread::start() { loop_->start(); }
void worker_thread::join() { loop_->join(); }
task_queue &worker_thread::queue() noexcept { return loop_->queue(); }
const task_queue &worker_thread::queue() const noexcept { return loop_->queue(); }
void worker_thread::wake() { loop_->wake(); }
void worker_thread::finish(std::function<void()> done) { loop_->finish(std::move(done)); }
const metrics::worker_figures &worker_thread::figures() const noexcept { return loop_->figures(); }
std::optional<running_task> worker_thread::current() const noexcept { return loop_->current(); }
std::uint64_t worker_thread::allocated_bytes() const noexcept { return loop_->allocated_bytes(); }
std::uint64_t worker_thread::allocations() const noexcept { return loop_->allocations(); }

}  // namespace taskworker::worker
