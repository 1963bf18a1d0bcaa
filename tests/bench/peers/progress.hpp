// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

#include "metrics/single_writer.hpp"
#include "strategy_run.hpp"
#include "worker/space_gate.hpp"

namespace bench::peers {

/// How many tasks each worker of a peer has done, and where its submitter waits while too
/// many are on their way: as many as the queues of taskworker hold. Without a bound the
/// memory of the waiting tasks would be what is measured.
class progress {
 public:
  static constexpr std::uint64_t capacity =
      run_workers * taskworker::worker::pool_config{}.queue_capacity;

  /// [the worker]
  void add(std::uint32_t worker) noexcept {
    auto &done = workers_[worker].done;
    done.add();
    if (done.get() % stride == 0 && waiting() <= half) gate_.open();
  }

  /// Is to be asked before task `number` is submitted. [the submitter]
  [[nodiscard]] bool has_room(std::uint64_t number) noexcept {
    if (number % stride != 0) return true;
    submitted_.set(number);
    return waiting() < static_cast<std::int64_t>(capacity);
  }

  /// Until half of the room is free. [the submitter]
  void wait_for_room() {
    gate_.wait([this] { return waiting() <= half; });
  }

  /// By all workers. [thread-safe]
  [[nodiscard]] std::uint64_t done() const noexcept {
    std::uint64_t sum = 0;
    for (const auto &worker : workers_) sum += worker.done.get();
    return sum;
  }

 private:
  static constexpr std::uint64_t stride = 256;  ///< tasks between two looks
  static constexpr auto half = static_cast<std::int64_t>(capacity / 2);

  struct alignas(64) worker_count {
    taskworker::metrics::single_writer_counter done;
  };

  // Below 0 while workers have done what the submitter has not told of yet.
  [[nodiscard]] std::int64_t waiting() const noexcept {
    return static_cast<std::int64_t>(submitted_.get() - done());
  }

  std::array<worker_count, run_workers> workers_;
  alignas(64) taskworker::metrics::single_writer_counter submitted_;
  taskworker::worker::space_gate gate_;
};

}  // namespace bench::peers
