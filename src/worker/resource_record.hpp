// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>

#include "metrics/instruction_counter.hpp"
#include "worker/session_outcome.hpp"

namespace taskworker::worker {

/// What a run takes of the machine: at its start, at its peak, at its end. [thread-safe]
class resource_record {
 public:
  /// Counts instructions of threads that start later. `count_jobs`: those that are alive.
  /// [thread-safe]
  explicit resource_record(std::function<std::uint64_t()> count_jobs);

  /// The run starts.
  void begin();

  /// The process now, which counts for the peak.
  resource_sample look();

  /// Fills in the figures of the end.
  void end(session_outcome &outcome);

  /// Fills in the figures of the start and the peak, which is not below those of the end.
  void finish(session_outcome &outcome) const;

 private:
  [[nodiscard]] resource_sample sample() const;

  const metrics::instruction_counter instructions_;
  const std::function<std::uint64_t()> count_jobs_;
  mutable std::mutex mutex_;
  // Protected by mutex_.
  resource_sample start_;
  resource_sample peak_;
  metrics::process_figures process_start_;
  std::optional<std::uint64_t> instructions_at_start_;
};

}  // namespace taskworker::worker
