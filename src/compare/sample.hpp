// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace taskworker::compare {

/// What one process that ran a strategy once came to.
struct sample {
  /// One of each metric, in the order of metrics(); nothing where the run did not tell it (no
  /// jemalloc, no counters).
  std::vector<std::optional<double>> values;
  double busy_seconds = 0;  ///< first task accepted to last task done
  std::string workload;     ///< its name
  /// Of the results that were checked (worker/result_digest.hpp); empty where nothing was
  /// checked, or the workload has an equality of its own: then only that can compare them.
  std::string results_digest;
  std::string report;           ///< of the run, as JSON (report/summary.hpp)
  std::uint64_t processed = 0;  ///< tasks that it did
  std::uint64_t round = 0;      ///< in which it was taken
};

/// A run that gave no sample. what() is for a person: how it ended, and the last line that it
/// said.
class sample_error : public std::runtime_error {
 public:
  sample_error(const std::string &reason, int exit_status)
      : std::runtime_error(reason), exit_status_(exit_status) {}

  /// Of the run; 128 + n where signal n killed it.
  [[nodiscard]] int exit_status() const noexcept { return exit_status_; }

 private:
  int exit_status_;
};

/// Reads what `--report=json` printed. Throws sample_error where it is no such report or no
/// task was processed.
[[nodiscard]] sample read_sample(const std::string &report);

/// Runs `program`, the path of taskworker, with the strategy and these arguments, which ask for
/// a report as JSON, to its end, and reads it (child_process.hpp). Throws sample_error where it
/// ends with another status than 0, by a signal, or not within `patience`; std::system_error
/// where no process can be had. Nothing once `is_cancelled` is true.
[[nodiscard]] std::optional<sample> take_sample(const std::string &program,
                                                const std::string &strategy,
                                                const std::vector<std::string> &arguments,
                                                std::chrono::nanoseconds patience,
                                                bool (*is_cancelled)());

}  // namespace taskworker::compare
