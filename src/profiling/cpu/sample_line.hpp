// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "profiling/cpu/stack_sample.hpp"
#include "profiling/profile.hpp"
#include "profiling/running_task.hpp"
#include "profiling/sample_labels.hpp"
#include "profiling/synthetic_frame.hpp"

namespace taskworker::profiling {

/// What tells one line of a CPU profile from another, before it has labels.
struct sample_line {
  std::vector<std::uintptr_t> frames;  ///< as profile_sample::frames
  thread_name thread{};
  std::uint32_t worker = task_mark::none;
  std::uint32_t operation = task_mark::none;
  friend bool operator==(const sample_line &, const sample_line &) = default;
};

struct sample_line_hash {
  [[nodiscard]] std::size_t operator()(const sample_line &line) const noexcept;
};

/// A line of no thread, with nothing but this frame.
[[nodiscard]] sample_line line_of(synthetic_frame what);

/// CPU time that a thread has used in one line, in one sample of it.
struct line_time {
  const sample_line &line;
  pid_t tid = 0;               ///< 0 = of no one thread
  std::uint64_t taken_ns = 0;  ///< CLOCK_MONOTONIC
  std::uint64_t cpu_ns = 0;
};

/// A CPU profile at `hz` without samples: samples/count, cpu/nanoseconds. Its end is now.
[[nodiscard]] profile empty_cpu_profile(unsigned hz, std::uint64_t duration_ns);

/// The line as it stands in that profile, seen `count` times.
[[nodiscard]] profile_sample profile_sample_of(const sample_line &line, std::uint64_t count,
                                               std::uint64_t period_ns,
                                               const sample_labels &labels);

/// CPU time between two samples.
[[nodiscard]] constexpr std::uint64_t period_of(unsigned hz) { return 1'000'000'000 / hz; }

}  // namespace taskworker::profiling
