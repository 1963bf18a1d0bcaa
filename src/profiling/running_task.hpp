// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "metrics/single_writer.hpp"

namespace taskworker::profiling {

/// What a worker is at, for whoever looks from outside: a sampler, a crash, a run that is
/// given up. Written by the worker, read by any thread and by signal handlers.
class running_task_slot {
 public:
  explicit running_task_slot(std::uint32_t worker) : worker_(worker) {}

  void begin(std::uint64_t id, std::uint32_t operation) noexcept {
    operation_.set(operation);
    id_plus_one_.set(id + 1);
  }
  void end() noexcept { id_plus_one_.set(0); }

  [[nodiscard]] std::uint32_t worker() const noexcept { return worker_; }
  /// 0 = no task runs.
  [[nodiscard]] std::uint64_t id_plus_one() const noexcept { return id_plus_one_.get(); }
  [[nodiscard]] std::uint32_t operation() const noexcept {
    return static_cast<std::uint32_t>(operation_.get());
  }

 private:
  const std::uint32_t worker_;
  metrics::single_writer_counter id_plus_one_;
  metrics::single_writer_counter operation_;
};

/// Whom a thread works for, at one moment.
struct task_mark {
  static constexpr std::uint32_t none = UINT32_MAX;
  std::uint32_t worker = none;     ///< none = the thread is no worker
  std::uint32_t operation = none;  ///< none = it is in no task
  std::uint64_t task = 0;          ///< holds where there is an operation

  [[nodiscard]] bool is_in_task() const noexcept { return operation != none; }
};

/// Makes the calling thread known as a worker. `slot` must live as long as the thread, or
/// until null takes its place.
void set_running_task(const running_task_slot *slot) noexcept;

/// The calling thread's mark. Async-signal-safe.
[[nodiscard]] task_mark current_task_mark() noexcept;

}  // namespace taskworker::profiling
