// SPDX-License-Identifier: MIT
#include "peers/warm_pool.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <span>
#include <thread>

#include "worker/task_source.hpp"

namespace bench::peers {

using namespace taskworker;

/// The generator, which rests between two rounds.
class round_source final : public worker::task_source {
 public:
  explicit round_source(const worker::workload &tasks)
      : generator_(worker::make_generator(tasks, 0)) {}

  worker::fill_result fill(std::span<worker::task_slot> slots) override {
    if (left_ == 0) wait_for_round();
    const worker::fill_result result =
        generator_->fill(slots.first(std::min<std::size_t>(slots.size(), left_)));
    left_ -= result.filled;
    return result;
  }

  void interrupt() noexcept override {
    const std::lock_guard lock(mutex_);
    is_interrupted_ = true;
    changed_.notify_all();
  }

  /// Gives out `count` tasks and returns when they are taken.
  void give(std::uint64_t count) {
    std::unique_lock lock(mutex_);
    given_ = count;
    is_resting_ = false;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_resting_; });
  }

 private:
  void wait_for_round() {
    std::unique_lock lock(mutex_);
    is_resting_ = given_ == 0;
    changed_.notify_all();
    changed_.wait(lock, [this] { return given_ != 0 || is_interrupted_; });
    left_ = std::exchange(given_, 0);
  }

  const std::unique_ptr<worker::task_source> generator_;
  std::uint64_t left_ = 0;  ///< of this round; the filling thread's own

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t given_ = 0;  ///< for the round that is to begin
  bool is_resting_ = false;
  bool is_interrupted_ = false;
};

warm_pool::warm_pool(const strategy::library &opened,
                     const std::vector<strategy::given_option> &options, const run_plan &plan)
    : started_(opened, options, plan), workload_(worker::make_builtin_workload(plan.data_size)) {
  auto source = std::make_unique<round_source>(*workload_);
  source_ = source.get();
  pool_ = std::make_unique<worker::pool>(
      worker::pool_config{.workers = run_workers,
                          .result_capacity = plan.data_size * sizeof(std::int64_t)},
      started_.get(), *workload_, std::move(source),
      worker::pool_events{.all_done = [this] { all_done_.set_value(); }});
  pool_->start();
}

warm_pool::~warm_pool() {
  pool_->drain();
  all_done_.get_future().wait();
  pool_->join();
}

void warm_pool::run(std::uint64_t count) {
  source_->give(count);
  given_ += count;
  // What is left is what the queues hold: a fraction of a millisecond.
  for (;;) {
    const auto totals = pool_->totals();
    if (totals.failed() != 0) std::abort();
    if (totals.processed() == given_) return;
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
}

}  // namespace bench::peers
