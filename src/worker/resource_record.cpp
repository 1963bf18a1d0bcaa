// SPDX-License-Identifier: MIT
#include "worker/resource_record.hpp"

#include <utility>

namespace taskworker::worker {

resource_record::resource_record(std::function<std::uint64_t()> count_jobs)
    : count_jobs_(std::move(count_jobs)) {}

void resource_record::begin() {
  const std::lock_guard lock(mutex_);
  start_ = peak_ = sample();
  process_start_ = metrics::read_process();
  instructions_at_start_ = instructions_.read();
}

resource_sample resource_record::look() {
  const resource_sample now = sample();
  const std::lock_guard lock(mutex_);
  peak_.raise_to(now);
  return now;
}

void resource_record::end(session_outcome &outcome) {
  outcome.end_sample = sample();
  outcome.process_end = metrics::read_process();
  outcome.peak_resident = metrics::read_peak_resident();
  const auto instructions = instructions_.read();
  const std::lock_guard lock(mutex_);
  if (instructions && instructions_at_start_) {
    outcome.instructions = *instructions - *instructions_at_start_;
  }
}

void resource_record::finish(session_outcome &outcome) const {
  const std::lock_guard lock(mutex_);
  outcome.start = start_;
  outcome.process_start = process_start_;
  outcome.peak = peak_;
  outcome.peak.raise_to(outcome.end_sample);
  const std::uint64_t all =
      outcome.end_sample.memory.allocated_total - outcome.start.memory.allocated_total;
  outcome.other_allocated_bytes = all > outcome.allocated_bytes ? all - outcome.allocated_bytes : 0;
}

resource_sample resource_record::sample() const {
  return {metrics::count_threads(), count_jobs_(),
          metrics::read_allocator().value_or(metrics::allocator_figures{}),
          metrics::read_resident()};
}

}  // namespace taskworker::worker
