// SPDX-License-Identifier: MIT
#include "profiling/probes/thread_probes.hpp"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "metrics/tick_clock.hpp"
#include "metrics/units.hpp"
#include "profiling/contention/contention.hpp"

namespace taskworker::profiling {
namespace {

using metrics::counted;
using metrics::in_time;
using namespace std::chrono_literals;

// A thread that waits until it is destroyed.
class waiting_thread {
 public:
  waiting_thread() : thread_([this] { run(); }) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return tid_ != 0; });
  }
  ~waiting_thread() {
    {
      const std::scoped_lock lock(mutex_);
      is_over_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  waiting_thread(const waiting_thread &) = delete;
  waiting_thread &operator=(const waiting_thread &) = delete;

  [[nodiscard]] pid_t tid() const { return tid_; }  ///< does not change any more

 private:
  void run() {
    std::unique_lock lock(mutex_);
    tid_ = ::gettid();
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_over_; });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  pid_t tid_ = 0;
  bool is_over_ = false;
  std::thread thread_;
};

// All that threads ever waited, by the profile.
std::uint64_t total_wait() {
  std::uint64_t sum = 0;
  for (const auto &sample : read_block_profile().samples) {
    sum += static_cast<std::uint64_t>(sample.values.back());
  }
  return sum;
}

// Holds a lock while another thread comes for it; returns how long.
std::uint64_t let_wait() {
  std::mutex contended;
  std::atomic<bool> is_coming{false};
  std::unique_lock lock(contended);
  std::thread other([&] {
    is_coming = true;
    is_coming.notify_one();
    const std::scoped_lock waited(contended);
  });
  is_coming.wait(false);
  const std::uint64_t began = metrics::tick_clock::monotonic_ns();
  std::this_thread::sleep_for(10ms);
  lock.unlock();
  const std::uint64_t held = metrics::tick_clock::monotonic_ns() - began;
  other.join();
  return held;
}

double seconds(std::uint64_t ns) { return static_cast<double>(ns) * 1e-9; }

}  // namespace

thread_observation observe_threads() {
  const waiting_thread other;
  thread_observation seen;
  seen.tid = other.tid();
  const std::uint64_t began = metrics::tick_clock::monotonic_ns();
  seen.snapshots = read_thread_stacks(500ms);
  seen.look_ns = metrics::tick_clock::monotonic_ns() - began;
  seen.recorded = live_threads();
  return seen;
}

probe_result judge_thread_stacks(const thread_observation &seen) {
  constexpr auto name = "thread stacks";
  const auto answered = std::count_if(seen.snapshots.begin(), seen.snapshots.end(),
                                      [](const auto &each) { return !each.frames.empty(); });
  const std::string found = counted(seen.snapshots.size(), "thread") + ", " +
                            std::to_string(answered) + " answered, in " +
                            in_time(seconds(seen.look_ns));
  const auto other = std::find_if(seen.snapshots.begin(), seen.snapshots.end(),
                                  [&](const auto &each) { return each.tid == seen.tid; });
  if (other == seen.snapshots.end()) {
    return unmet(name, found + "; one that waits was not found",
                 "mount /proc: threads are found there");
  }
  if (other->frames.empty()) {
    return unmet(
        name, found + "; one that waits did not: " + other->silence,
        "raise the limit of pending signals (ulimit -i) where CPU timers above say so; else "
        "a sandbox (seccomp, gVisor) may keep signals to threads back: allow them");
  }
  return passed(name, found);
}

probe_result judge_thread_starts(const thread_observation &seen, bool is_recorded) {
  constexpr auto name = "thread starts";
  if (!is_recorded) {
    return warned(name, "not recorded in this build: sanitizers have pthread_create for themselves",
                  "to see who started a thread, build without -Db_sanitize");
  }
  const auto other = std::find_if(seen.recorded.begin(), seen.recorded.end(),
                                  [&](const auto &each) { return each.tid == seen.tid; });
  if (other != seen.recorded.end() && other->started_by.depth > 0) {
    return passed(name, "recorded, with the stack that started each");
  }
  return unmet(name, "a new thread was not recorded",
               "another library answers pthread_create: look at LD_PRELOAD");
}

contention_observation observe_contention() {
  contention_observation seen{.is_recorded = contention_is_recorded()};
  if (!seen.is_recorded) return seen;
  const bool was_on = is_recording_contention();
  set_contention_recording(true);
  const std::uint64_t before = total_wait();
  // On a busy machine the other thread may come too late to have to wait.
  for (int attempt = 0; attempt < 20 && seen.seen_ns == 0; ++attempt) {
    seen.held_ns = let_wait();
    seen.seen_ns = total_wait() - before;
  }
  set_contention_recording(was_on);
  return seen;
}

probe_result judge_contention(const contention_observation &seen) {
  constexpr auto name = "contention";
  if (!seen.is_recorded) {
    return warned(
        name, "not recorded in this build: sanitizers have the pthread functions for themselves",
        "to see who waits for whom, build without -Db_sanitize");
  }
  const std::string found = "a wait of " + in_time(seconds(seen.held_ns)) +
                            " for a lock was seen as " + in_time(seconds(seen.seen_ns));
  if (seen.seen_ns > 0) return passed(name, found);
  return unmet(name, found, "another library answers pthread_mutex_lock: look at LD_PRELOAD");
}

}  // namespace taskworker::profiling
