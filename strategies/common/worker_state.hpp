// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/strategy.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/kept_results.hpp"
#include "common/texts.hpp"

namespace taskworker::strategies {

constexpr std::size_t cache_line = 64;  ///< bytes, of the processors of today

/// All that one worker needs for its tasks, had once and used again: nothing here
/// allocates after the constructor. It begins and ends with a cache line of its own, so
/// workers that write do not slow each other down. Functions are for the one thread that
/// runs the worker's tasks, unless they say otherwise.
class alignas(cache_line) worker_state {
 public:
  /// `keep`: how many results stay, at least 1.
  worker_state(std::uint32_t index, std::size_t keep);
  worker_state(const worker_state &) = delete;
  worker_state &operator=(const worker_state &) = delete;

  [[nodiscard]] std::uint32_t index() const noexcept { return index_; }

  /// Writes the log line and the metadata of a task over those of the one before.
  void write_texts(const taskworker_task &task, const taskworker_result &result) noexcept;

  void keep_result(const taskworker_task &task, const taskworker_result &result) noexcept {
    results_.keep(task, result);
  }

  /// Tells helper and monitor that one more task is done. Only this thread writes, so a
  /// plain load and a plain store do; neither waits for anyone.
  void hand_over_status() noexcept { processed_.store(processed() + 1, std::memory_order_relaxed); }

  /// Tasks that are done. [thread-safe]
  [[nodiscard]] std::uint64_t processed() const noexcept {
    return processed_.load(std::memory_order_relaxed);
  }

  /// The look that a helper takes: has anything moved since the last? [job-thread]
  void look() noexcept;

  /// How often nothing had moved. [thread-safe]
  [[nodiscard]] std::uint64_t quiet_looks() const noexcept {
    return quiet_looks_.load(std::memory_order_relaxed);
  }

  /// The texts of the last task, empty before the first; valid until the next.
  [[nodiscard]] std::string_view log_line() const { return {log_line_.data(), log_line_size_}; }
  [[nodiscard]] std::string_view metadata() const { return {metadata_.data(), metadata_size_}; }
  [[nodiscard]] std::size_t kept() const noexcept { return results_.size(); }

 private:
  const std::uint32_t index_;
  std::atomic<std::uint64_t> processed_{0};
  kept_results results_;
  // How the texts of all tasks begin stays where it is.
  std::size_t log_line_start_ = 0;
  std::size_t metadata_start_ = 0;
  std::size_t log_line_size_ = 0;
  std::size_t metadata_size_ = 0;
  std::array<char, max_text> log_line_;
  std::array<char, max_text> metadata_;

  // Written by the job thread.
  alignas(cache_line) std::atomic<std::uint64_t> quiet_looks_{0};
  std::uint64_t seen_ = 0;
};

}  // namespace taskworker::strategies
