// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "metrics/single_writer.hpp"

namespace taskworker::worker {

/// What a worker is at, for whoever looks from outside: a crash, or a run that is given
/// up. Written by the worker, read by any thread.
class running_task_slot {
 public:
  void begin(std::uint64_t id, std::uint32_t operation) noexcept {
    operation_.set(operation);
    id_plus_one_.set(id + 1);
  }
  void end() noexcept { id_plus_one_.set(0); }

  /// 0 = no task runs.
  [[nodiscard]] std::uint64_t id_plus_one() const noexcept { return id_plus_one_.get(); }
  [[nodiscard]] std::uint32_t operation() const noexcept {
    return static_cast<std::uint32_t>(operation_.get());
  }

 private:
  metrics::single_writer_counter id_plus_one_;
  metrics::single_writer_counter operation_;
};

/// From now on a crash (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT) prints one line that
/// names strategy, worker, task and operation, and the stack as module+offset, on
/// standard error; then the process dies by the same signal. Writes with async-signal-safe
/// calls only. To be called once, before threads that it should tell of.
void install_crash_report(std::string strategy, std::vector<std::string> operations);

/// Makes the calling thread known to the crash report as a worker. `slot` must live as
/// long as the thread.
void set_crash_worker(std::uint32_t worker, const running_task_slot &slot) noexcept;

}  // namespace taskworker::worker
