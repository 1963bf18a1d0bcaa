// SPDX-License-Identifier: MIT
// For tests that look at threads from outside.
#pragma once

#include <pthread.h>
#include <sys/types.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "metrics/allocator.hpp"
#include "profiling/running_task.hpp"
#include "profiling/stack.hpp"

// The thread sanitizer holds signals back until a thread calls something that it knows: the
// handler then does not stand on what the signal has interrupted.
#if defined(__SANITIZE_THREAD__)
inline constexpr bool signals_are_immediate = false;
#else
inline constexpr bool signals_are_immediate = true;
#endif

/// A thread that waits on a condition, from before the constructor returns until the
/// destructor.
class parked_thread {
 public:
  explicit parked_thread(std::string name = "parked", bool blocks_signals = false)
      : name_(std::move(name)), blocks_signals_(blocks_signals), thread_([this] { run(); }) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_parked_; });
  }
  ~parked_thread() {
    if (thread_.joinable()) end();
  }
  parked_thread(const parked_thread &) = delete;
  parked_thread &operator=(const parked_thread &) = delete;

  /// Lets the thread go, with all signals that it had blocked, and joins it.
  void end() {
    {
      const std::lock_guard lock(mutex_);
      may_end_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  [[nodiscard]] pid_t tid() const { return tid_; }
  /// The callers of what waits.
  [[nodiscard]] const taskworker::profiling::stack &callers() const { return callers_; }
  /// By the thread while it waited, as known after end().
  [[nodiscard]] std::uint64_t allocated_while_parked() const { return allocated_; }
  /// What it works for: worker 3, operation 1, task 42.
  [[nodiscard]] static constexpr std::uint32_t worker() { return 3; }

 private:
  void run() {
    ::pthread_setname_np(::pthread_self(), name_.c_str());
    tid_ = ::gettid();
    taskworker::profiling::running_task_slot slot(worker());
    slot.begin(42, 1);
    taskworker::profiling::set_running_task(&slot);
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    if (blocks_signals_) pthread_sigmask(SIG_BLOCK, &all, &before);
    park();
    if (blocks_signals_) pthread_sigmask(SIG_SETMASK, &before, nullptr);
    taskworker::profiling::set_running_task(nullptr);
  }

  [[gnu::noinline]] void park() {
    callers_ = taskworker::profiling::capture_stack(1);
    std::unique_lock lock(mutex_);
    is_parked_ = true;
    changed_.notify_all();
    const auto before = taskworker::metrics::thread_allocated_bytes();
    changed_.wait(lock, [this] { return may_end_; });
    allocated_ = taskworker::metrics::thread_allocated_bytes() - before;
  }

  const std::string name_;
  const bool blocks_signals_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_parked_ = false;
  bool may_end_ = false;
  pid_t tid_ = 0;
  taskworker::profiling::stack callers_;
  std::uint64_t allocated_ = 0;
  std::thread thread_;  // last: it uses all of the above
};
