// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "metrics/allocator.hpp"
#include "metrics/process.hpp"
#include "metrics/profiler_figures.hpp"
#include "metrics/worker_figures.hpp"

namespace taskworker::metrics {

/// What does not change during a run.
struct exposition_identity {
  std::string strategy;  ///< the label worker_type
  std::string strategy_version;
  std::string strategy_abi;  ///< "1.0"
  std::string version;       ///< of taskworker, as are the next three
  std::string revision;
  std::string compiler;
  std::string build_type;
  std::vector<std::string> operations;
};

/// The figures of one moment.
struct exposition_figures {
  task_totals tasks{0};
  std::uint64_t stuck_tasks = 0;    ///< now
  std::uint64_t task_timeouts = 0;  ///< tasks that ever were
  std::uint64_t jobs = 0;
  std::optional<allocator_figures> allocator;  ///< nothing: its metrics are left out
  process_figures process;
  profiler_figures profiler;
};

/// The upper bounds of the duration buckets, in nanoseconds: 1-2-5 from 10 ns to 1 s.
[[nodiscard]] const std::vector<std::uint64_t> &duration_bounds_ns();

/// The text that Prometheus scrapes (text format 0.0.4,
/// prometheus.io/docs/instrumenting/exposition_formats).
[[nodiscard]] std::string expose(const exposition_identity &identity,
                                 const exposition_figures &figures);

}  // namespace taskworker::metrics
