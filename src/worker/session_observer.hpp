// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/ext/log.h>

#include <chrono>
#include <string>

#include "metrics/worker_figures.hpp"
#include "worker/session_outcome.hpp"

namespace taskworker::worker {

/// What a running session shows to whoever watches.
struct session_view {
  metrics::task_totals totals{0};
  resource_sample now;
  std::chrono::nanoseconds elapsed{0};  ///< since the first task could be taken; 0 = none could
};

/// Told of what happens during a session.
class session_observer {
 public:
  virtual ~session_observer() = default;

  /// The strategy has started, and tasks are taken from here on. This and the next three
  /// come on the thread that called run().
  virtual void started() = 0;

  /// Every 100 ms from then on, until stopping().
  virtual void tick(const session_view &view) = 0;

  /// The tasks are done; the endpoints stay up for `left`.
  virtual void lingering(std::chrono::nanoseconds left) = 0;

  /// The run comes to its end: no task is taken any more. Once. More ticks may follow, and
  /// one does, after the last task, unless the run is cut off.
  virtual void stopping() = 0;

  /// Something a person should read. `strategy_speaks`: it came from the strategy.
  /// [thread-safe]
  virtual void message(taskworker_log_severity severity, const std::string &text,
                       bool strategy_speaks) = 0;
};

}  // namespace taskworker::worker
