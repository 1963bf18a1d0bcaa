// SPDX-License-Identifier: MIT
#include "metrics/worker_figures.hpp"

#include <algorithm>
#include <numeric>

namespace taskworker::metrics {

std::string_view name_of(task_error error) noexcept {
  switch (error) {
    case task_error::failed:
      return "failed";
    case task_error::wrong_result:
      return "wrong_result";
    case task_error::bad_input:
      return "bad_input";
    case task_error::timed_out:
      return "timed_out";
  }
  return "";
}

worker_figures::worker_figures(std::size_t operations)
    : operations_(std::make_unique<operation_figures[]>(operations)),
      operation_count_(operations) {}

std::uint64_t worker_figures::longest_run() const noexcept {
  std::uint64_t longest = 0;
  for (std::size_t i = 0; i < operation_count_; ++i) {
    longest = std::max(longest, operations_[i].durations.maximum());
  }
  return longest;
}

void worker_figures::add_to(task_totals &totals) const {
  for (std::size_t i = 0; i < operation_count_; ++i) {
    operations_[i].durations.add_to(totals.operations[i].durations);
    totals.operations[i].processed += operations_[i].processed.get();
  }
  waits_.add_to(totals.waits);
  for (std::size_t i = 0; i < errors_.size(); ++i) totals.errors[i] += errors_[i].get();
  totals.drained += drained_.get();
  totals.verified += verified_.get();
  totals.digests += digests_.get();
  totals.last_done = std::max(totals.last_done, last_done_.get());
}

void worker_figures::add_to(task_counts &counts) const noexcept {
  for (std::size_t i = 0; i < operation_count_; ++i) {
    counts.processed += operations_[i].processed.get();
  }
  for (const auto &error : errors_) counts.failed += error.get();
  counts.drained += drained_.get();
}

std::uint64_t task_totals::processed() const {
  return std::accumulate(operations.begin(), operations.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const operation &o) { return sum + o.processed; });
}

std::uint64_t task_totals::failed() const {
  return std::accumulate(errors.begin(), errors.end(), std::uint64_t{0});
}

histogram_counts task_totals::durations() const {
  histogram_counts all;
  for (const auto &each : operations) all += each.durations;
  return all;
}

}  // namespace taskworker::metrics
