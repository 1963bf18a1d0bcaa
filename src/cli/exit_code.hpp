// SPDX-License-Identifier: MIT
#pragma once

namespace taskworker::cli {

/// What the process ends with, where nothing worse happened. A strategy that crashes by signal n
/// takes it along, by that signal; its report says 128 + n. With 128 + n end a run by a second
/// signal n, compare and check by the first.
enum class exit_code : int {
  done = 0,              ///< also after a clean drain by a signal
  usage = 2,             ///< the command line or the configuration file is wrong
  strategy_refused = 3,  ///< not found, refused, or it called exit(); a run of compare failed
  resource_missing = 4,  ///< a port, file or folder cannot be had
  tasks_failed = 5,      ///< tasks failed, or results differ
  timed_out = 6,         ///< the start of the strategy, or running tasks at the end
  gate_not_met = 7,      ///< a check, probe or gate
  internal = 70,         ///< a fault of this program
};

}  // namespace taskworker::cli
