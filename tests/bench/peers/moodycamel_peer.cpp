// SPDX-License-Identifier: MIT
#if __has_include(<concurrentqueue/blockingconcurrentqueue.h>)
#include <concurrentqueue/blockingconcurrentqueue.h>
#else
#include <blockingconcurrentqueue.h>
#endif

#include <cstdint>

#include "peers/accounted_tasks.hpp"
#include "peers/empty_tasks.hpp"
#include "peers/own_threads.hpp"
#include "peers/peer.hpp"

namespace bench::peers {
namespace {

template <typename Task>
class token_queue {
 public:
  void push(const Task &task) { queue_.enqueue(producer_, entry{task, false}); }

  // What one producer pushes comes out in its order, so these come last.
  void close() {
    for (std::uint32_t i = 0; i < run_workers; ++i) queue_.enqueue(producer_, entry{{}, true});
  }

  template <typename Function>
  void drain(Function function) {
    moodycamel::ConsumerToken consumer(queue_);
    entry taken{};
    for (;;) {
      queue_.wait_dequeue(consumer, taken);
      if (taken.is_last) return;
      function(taken.task);
    }
  }

 private:
  struct entry {
    Task task;
    bool is_last;
  };

  moodycamel::BlockingConcurrentQueue<entry> queue_{progress::capacity};
  moodycamel::ProducerToken producer_{queue_};
};

template <typename Tasks>
void run(Tasks &tasks, std::uint64_t count) {
  token_queue<typename Tasks::task> queue;
  run_on_own_threads(queue, tasks, count);
}

}  // namespace

const peer moodycamel_peer = {moodycamel_name, run<empty_tasks>, run<accounted_tasks>};

}  // namespace bench::peers
