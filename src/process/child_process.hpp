// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace taskworker::process {

/// How a program ended, and what it printed.
struct child_outcome {
  int status = -1;       ///< exit status; -1 where a signal killed it
  int signal = 0;        ///< that signal; 0 = none
  bool is_late = false;  ///< it was killed, as it had not ended in time
  std::string out;       ///< standard output, whole
  std::string err;       ///< standard error, the first and the last 4 KiB
};

/// Runs `program` (a path) to its end, in a process group of its own, so that Ctrl-C does not
/// reach it, and with nothing to read. It is killed when this process ends, after `patience`, or
/// once `is_cancelled`, which is asked at least ten times a second, is true: then nothing is
/// returned. What it has started and left in its group is killed with it, or at its end, and what
/// that writes from then on is dropped.
/// Sets SIGCHLD to its default action, as no status comes to whoever ignores it.
/// Throws std::system_error where no process can be had. A program that cannot be executed ends
/// with 127.
[[nodiscard]] std::optional<child_outcome> run_child(const std::string &program,
                                                     const std::vector<std::string> &arguments,
                                                     std::chrono::nanoseconds patience,
                                                     bool (*is_cancelled)());

}  // namespace taskworker::process
