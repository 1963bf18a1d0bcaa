// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "profiling/running_task.hpp"

namespace taskworker::profiling {

/// As Linux names threads; ends with a 0.
using thread_name = std::array<char, 16>;

/// One look at a thread that was using the CPU.
struct stack_sample {
  static constexpr std::size_t max_depth = 128;
  std::uint64_t taken_ns = 0;   ///< CLOCK_MONOTONIC
  std::uint64_t period_ns = 0;  ///< of CPU time that one tick stands for
  std::uint32_t ticks = 0;      ///< 1, and one for each that came while the signal waited
  pid_t tid = 0;
  thread_name name{};
  task_mark mark;
  bool is_cut = false;     ///< the stack is deeper than max_depth
  bool is_broken = false;  ///< the stack could not be read further: the unwinder met a fault
  bool is_late = false;    ///< the thread ended before its signal came: the stack is its end's
  std::uint32_t depth = 0;
  std::array<std::uintptr_t, max_depth> frames;  ///< as profile_sample::frames; `depth` hold

  [[nodiscard]] std::span<const std::uintptr_t> addresses() const { return {frames.data(), depth}; }
};

}  // namespace taskworker::profiling
