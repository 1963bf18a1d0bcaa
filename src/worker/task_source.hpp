// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "worker/task_queue.hpp"
#include "worker/workload.hpp"

namespace taskworker::worker {

/// What a task source came to when it was asked for tasks.
struct fill_result {
  std::size_t filled = 0;        ///< slots that now hold a task, from the front
  std::uint64_t bad_inputs = 0;  ///< tasks that could not be read; each takes an id
  bool ended = false;            ///< nothing will follow
};

/// Where tasks come from. fill() belongs to one thread; interrupt() is
/// [thread-safe].
class task_source {
 public:
  virtual ~task_source() = default;

  /// Fills slots with the next tasks; ids count up from 0. Waits for the first task
  /// when there is none yet, never for the second: a task does not wait for others.
  /// Returns early, with nothing filled, after interrupt().
  [[nodiscard]] virtual fill_result fill(std::span<task_slot> slots) = 0;

  /// Ends a wait in fill(), now and later.
  virtual void interrupt() noexcept = 0;
};

/// `count` tasks made by `tasks`, which must outlive the source; 0 = without end.
[[nodiscard]] std::unique_ptr<task_source> make_generator(const workload &tasks,
                                                          std::uint64_t count);

/// Told of a line that is no task: its number, counted from 1, and what is wrong.
using bad_line_handler = std::function<void(std::uint64_t line, const std::string &reason)>;

/// The lines of `path`, or of standard input for "-": one task a line, as JSON:
/// {"operation": "sum", "data": [1, 2, 3]}. Empty lines are skipped. At most `count`
/// tasks; 0 = all lines. `bad_line` is called from fill(). Throws std::system_error
/// when the file cannot be opened.
[[nodiscard]] std::unique_ptr<task_source> make_file_source(const std::string &path,
                                                            const workload &tasks,
                                                            std::uint64_t count,
                                                            bad_line_handler bad_line);

}  // namespace taskworker::worker
