// SPDX-License-Identifier: MIT
#include <exception>

#include "worker/task_source.hpp"

namespace taskworker::worker {
namespace {

class generator final : public task_source {
 public:
  generator(const workload &tasks, std::uint64_t count) : tasks_(tasks), count_(count) {}

  fill_result fill(std::span<task_slot> slots) override {
    if (failure_) std::rethrow_exception(failure_);
    fill_result result;
    for (task_slot &slot : slots) {
      if (count_ != 0 && next_ == count_) break;
      slot.task.id = next_++;
      try {
        tasks_.make(slot.task, slot.buffer);
      } catch (...) {
        failure_ = std::current_exception();
        break;
      }
      ++result.filled;
    }
    if (failure_ && result.filled == 0) std::rethrow_exception(failure_);
    result.ended = !failure_ && count_ != 0 && next_ == count_;
    return result;
  }

  void interrupt() noexcept override {}  // it never waits

 private:
  const workload &tasks_;
  const std::uint64_t count_;
  std::uint64_t next_ = 0;
  std::exception_ptr failure_;  // told when those made before it are taken
};

}  // namespace

std::unique_ptr<task_source> make_generator(const workload &tasks, std::uint64_t count) {
  return std::make_unique<generator>(tasks, count);
}

}  // namespace taskworker::worker
