// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "profiling/descriptor.hpp"
#include "worker/session_observer.hpp"

namespace taskworker::report {

/// The line of one look, with its end: seconds since the run began, tasks done, threads, jobs,
/// and resident bytes.
[[nodiscard]] std::string timeline_line(const worker::session_view &view);

/// Writes how a run goes as CSV, one line at each tick, and so the last one after the last task.
/// A line is in the file when tick() returns: a crash later takes none away. What is told goes
/// on to the next observer. Until open() that is all.
///
/// Told on the thread of session::run(), but for message(). A pipe that nobody empties, or that
/// nobody reads any more, neither blocks nor ends the process: that is an error like a full
/// disk. After the first error nothing is written any more.
class timeline final : public worker::session_observer {
 public:
  /// `next` must outlive it.
  explicit timeline(worker::session_observer &next) : next_(next) {}

  /// Begins the file, and puts aside what was in it. Waits for a reader where `path` is a named
  /// pipe. Throws std::system_error when it cannot be opened. Before session::run(), once.
  void open(const std::string &path);

  /// One line that says why the file is not whole; empty = it is.
  [[nodiscard]] const std::string &error() const { return error_; }

  void started() override { next_.started(); }
  void tick(const worker::session_view &view) override;
  void lingering(std::chrono::nanoseconds left) override { next_.lingering(left); }
  void stopping() override { next_.stopping(); }
  void message(taskworker_log_severity severity, const std::string &text,
               bool strategy_speaks) override {
    next_.message(severity, text, strategy_speaks);
  }

 private:
  void write(std::string_view text);

  worker::session_observer &next_;
  std::string path_;
  profiling::descriptor file_;  ///< none before open(), and after an error
  std::string error_;
};

}  // namespace taskworker::report
