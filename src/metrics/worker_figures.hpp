// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "metrics/histogram.hpp"
#include "metrics/single_writer.hpp"

namespace taskworker::metrics {

/// Why a task counts as an error: the values of the label error_type.
enum class task_error : std::uint8_t { failed, wrong_result, bad_input, timed_out };
inline constexpr std::size_t task_error_count = 4;
[[nodiscard]] std::string_view name_of(task_error error) noexcept;

/// How many tasks came to what, at one moment.
struct task_counts {
  std::uint64_t generated = 0;
  std::uint64_t processed = 0;
  std::uint64_t failed = 0;
  std::uint64_t drained = 0;

  /// The rest: what waits or runs. REQUIRES: `generated` was read after the others.
  [[nodiscard]] std::uint64_t open() const { return generated - processed - failed - drained; }
};

/// What one worker, or the task source, counts while it runs: written by its own
/// thread only, read by any, on cache lines that no other thread writes.
/// Durations are in ticks of tick_clock.
class alignas(64) worker_figures {
 public:
  explicit worker_figures(std::size_t operations);

  /// The strategy has returned from a task after `duration`; the task had waited
  /// `wait` in the queue. [the worker]
  void record_run(std::size_t operation, std::uint64_t duration, std::uint64_t wait) noexcept {
    operations_[operation].durations.record(duration);
    waits_.record(wait);
  }
  void count_processed(std::size_t operation) noexcept { operations_[operation].processed.add(); }
  void count_error(task_error error) noexcept { errors_[static_cast<std::size_t>(error)].add(); }
  void count_drained(std::uint64_t tasks = 1) noexcept { drained_.add(tasks); }
  /// Of a result that was looked at (worker/result_digest.hpp).
  void add_result_digest(std::uint64_t digest) noexcept {
    digests_.add(digest);
    verified_.add();
  }
  void set_last_done(std::uint64_t ticks) noexcept { last_done_.set(ticks); }

  /// The longest run so far, of any operation. [thread-safe]
  [[nodiscard]] std::uint64_t longest_run() const noexcept;

  /// Adds what is held now to `totals`. [thread-safe]
  void add_to(struct task_totals &totals) const;
  /// All but `generated`. Async-signal-safe.
  void add_to(task_counts &counts) const noexcept;

 private:
  struct operation_figures {
    histogram durations;
    single_writer_counter processed;
  };
  std::unique_ptr<operation_figures[]> operations_;
  std::size_t operation_count_;
  histogram waits_;
  std::array<single_writer_counter, task_error_count> errors_;
  single_writer_counter drained_;
  single_writer_counter digests_;
  single_writer_counter verified_;
  single_writer_counter last_done_;
};

/// The sum of the figures of all workers at one moment.
struct task_totals {
  struct operation {
    std::uint64_t processed = 0;
    histogram_counts durations;
  };
  explicit task_totals(std::size_t operation_count) : operations(operation_count) {}

  std::vector<operation> operations;
  histogram_counts waits;
  std::array<std::uint64_t, task_error_count> errors{};
  std::uint64_t generated = 0;  ///< taken from the task source
  std::uint64_t drained = 0;    ///< taken but not begun, because the run was stopped
  std::uint64_t queued = 0;     ///< waiting in queues or being processed
  std::uint64_t verified = 0;   ///< results that were looked at
  std::uint64_t digests = 0;    ///< the sum of theirs, modulo 2^64
  std::uint64_t last_done = 0;  ///< ticks; 0 = no task was done yet

  [[nodiscard]] std::uint64_t processed() const;
  [[nodiscard]] std::uint64_t failed() const;  ///< of any task_error
  /// All operations in one.
  [[nodiscard]] histogram_counts durations() const;
};

}  // namespace taskworker::metrics
