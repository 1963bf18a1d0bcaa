// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "worker/session.hpp"

namespace taskworker::report {

/// A run that is over: what it was and what came of it.
struct run_summary {
  std::string program;   ///< as the user called it, for commands to copy
  std::string strategy;  ///< the descriptor's name
  std::string strategy_version;
  std::string strategy_path;
  std::string strategy_target;  ///< as the user named it
  std::vector<std::string> operations;
  std::string workload;         ///< its name
  bool are_bytes_equal = true;  ///< equal results have equal bytes
  worker::session_config config;
  worker::session_outcome outcome;
  bool has_jemalloc = true;  ///< else figures of memory are not known
  int exit_code = 0;

  /// Tasks done per second of work: the idle time after the last one does not count.
  [[nodiscard]] double tasks_per_second() const;
  /// By the strategy, on the workers.
  [[nodiscard]] double bytes_per_task() const;
  [[nodiscard]] double allocations_per_task() const;
};

/// "leaked: 250 threads, 1000 jobs" or "clean: 0 threads, 0 jobs left"; of a run that
/// was cut off: "unfinished: 2 tasks stuck ...".
[[nodiscard]] std::string verdict(const run_summary &summary);

/// At most two commands that fit the verdict.
[[nodiscard]] std::vector<std::string> next_commands(const run_summary &summary);

/// For a person: at most 80 columns but for paths and commands; ends with the verdict
/// and what to do next.
[[nodiscard]] std::string as_text(const run_summary &summary);

/// For programs: one JSON object, `schema` "taskworker.report/1"; keys name their
/// units. Figures that are not known are null.
[[nodiscard]] std::string as_json(const run_summary &summary);

}  // namespace taskworker::report
