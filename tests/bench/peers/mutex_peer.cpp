// SPDX-License-Identifier: MIT
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>

#include "peers/accounted_tasks.hpp"
#include "peers/empty_tasks.hpp"
#include "peers/own_threads.hpp"
#include "peers/peer.hpp"

namespace bench::peers {
namespace {

template <typename Task>
class locked_queue {
 public:
  void push(const Task &task) {
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(task);
    }
    changed_.notify_one();
  }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      is_closed_ = true;
    }
    changed_.notify_all();
  }

  template <typename Function>
  void drain(Function function) {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return is_closed_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      const Task taken = tasks_.front();
      tasks_.pop_front();
      lock.unlock();
      function(taken);
      lock.lock();
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  bool is_closed_ = false;
};

template <typename Tasks>
void run(Tasks &tasks, std::uint64_t count) {
  locked_queue<typename Tasks::task> queue;
  run_on_own_threads(queue, tasks, count);
}

}  // namespace

const peer mutex_peer = {mutex_name, run<empty_tasks>, run<accounted_tasks>};

}  // namespace bench::peers
