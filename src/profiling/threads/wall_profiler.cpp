// SPDX-License-Identifier: MIT
#include "profiling/threads/wall_profiler.hpp"

#include <pthread.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "metrics/tick_clock.hpp"
#include "profiling/synthetic_frame.hpp"
#include "profiling/threads/thread_stacks.hpp"
#include "profiling/threads/wall_account.hpp"

namespace taskworker::profiling {
namespace {

using clock = std::chrono::steady_clock;
using metrics::tick_clock;

constexpr auto time_between_lists = std::chrono::milliseconds(100);
// For threads that are asked but get no CPU; one that stays silent costs this once.
constexpr auto look_limit = std::chrono::milliseconds(100);

}  // namespace

class wall_profiler::state {
 public:
  state(sample_labels labels, unsigned hz)
      : labels_(std::move(labels)),
        period_(std::chrono::nanoseconds(std::chrono::seconds(1)) / hz),
        account_(tick_clock::monotonic_ns()),
        thread_([this] { run(); }) {}

  ~state() {
    if (thread_.joinable()) end();
  }

  profile finish() {
    end();
    profile seen = account_.take(tick_clock::monotonic_ns());
    seen.period = period_.count();
    seen.time_ns = time_since_epoch_ns();
    return seen;
  }

 private:
  void end() {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  // ---- on the thread ----

  void run() {
    ::pthread_setname_np(::pthread_self(), "tw-wall");
    auto next_tick = clock::now();
    auto next_list = next_tick;
    do {
      if (clock::now() >= next_list) {
        list();
        next_list = clock::now() + time_between_lists;
      }
      look_at(account_.next(threads_a_tick));
      next_tick = std::max(next_tick + period_, clock::now());
    } while (!has_ended_before(next_tick));
    list();
    look_at(account_.unseen());
  }

  bool has_ended_before(clock::time_point time) {
    std::unique_lock lock(mutex_);
    return wake_.wait_until(lock, time, [this] { return ending_; });
  }

  void list() {
    auto tids = list_threads();
    std::erase(tids, ::gettid());
    account_.list(tids, tick_clock::monotonic_ns());
  }

  void look_at(const std::vector<pid_t> &tids) {
    const auto found = look_at_threads(tids, look_limit);
    const std::uint64_t now = tick_clock::monotonic_ns();
    auto next_found = found.begin();
    for (const pid_t tid : tids) {
      if (next_found == found.end() || next_found->tid != tid) {
        account_.miss(tid);
      } else {
        account_.see(tid, sight_of(*next_found++), now);
      }
    }
  }

  wall_sight sight_of(const thread_snapshot &seen) const {
    wall_sight sight{seen.frames, labels_.of(seen.name, seen.mark)};
    if (!seen.silence.empty()) sight.first = {address_of(synthetic_frame::no_answer)};
    return sight;
  }

  const sample_labels labels_;
  const std::chrono::nanoseconds period_;
  wall_account account_;  ///< the thread's, until that has ended

  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;  ///< protected by mutex_

  std::thread thread_;  // last: it uses all of the above
};

wall_profiler::wall_profiler(sample_labels labels, unsigned hz) {
  assert(hz >= 1 && hz <= max_hz);
  state_ = std::make_unique<state>(std::move(labels), hz);
}

wall_profiler::~wall_profiler() = default;

profile wall_profiler::finish() { return state_->finish(); }

}  // namespace taskworker::profiling
