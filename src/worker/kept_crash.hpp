// SPDX-License-Identifier: MIT
#pragma once

#include <signal.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "metrics/worker_figures.hpp"
#include "profiling/running_task.hpp"

namespace taskworker::worker {

/// What is known of a crash at the moment that it comes, and how that is printed without names of
/// functions. All members are async-signal-safe.
struct kept_crash {
  int signal = 0;  ///< 0 = exit()
  bool has_address = false;
  bool is_overflow = false;    ///< of the stack
  std::uintptr_t address = 0;  ///< that could not be reached
  profiling::task_mark mark;   ///< of the calling thread, as is the rest
  std::array<char, 16> thread{};
  std::array<std::uintptr_t, 64> frames{};
  std::uint32_t depth = 0;
  bool is_cut = false;  ///< the stack goes on

  [[nodiscard]] std::span<const std::uintptr_t> stack() const noexcept {
    return std::span(frames).first(depth);
  }

  /// In the handler of a signal, from what it is given.
  void keep(int number, const siginfo_t &info, const void *context) noexcept;
  /// In a function that exit() calls.
  void keep_exit() noexcept;

  /// One line on standard error: what came, with which strategy, and in which task, whose
  /// operation is one of `operations`, or else on which thread.
  void tell_head(const std::string &strategy,
                 const std::vector<std::string> &operations) const noexcept;
  /// A line a call on standard error: "/lib/bad.so+0x1f40", for `addr2line -e`.
  void tell_raw_stack() const noexcept;
  /// One line on standard error: what became of the tasks.
  static void tell_counts(const metrics::task_counts &tasks) noexcept;

 private:
  void keep_thread() noexcept;
};

}  // namespace taskworker::worker
