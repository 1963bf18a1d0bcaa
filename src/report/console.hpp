// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <string>

#include "report/progress.hpp"
#include "worker/session_observer.hpp"

namespace taskworker::report {

/// What a person sees on standard error while a run goes on: notices, messages of the
/// strategy, and, on a terminal, one live line of progress that is overwritten. In a
/// pipe there is no such line; NO_COLOR (no-color.org) and TERM=dumb are respected.
class console final : public worker::session_observer {
 public:
  /// `tasks`: expected; 0 = not known. `has_endpoints`: something is listened on.
  /// `quiet`: errors and warnings only.
  console(std::string strategy, std::uint64_t tasks, bool has_endpoints, bool quiet);

  /// Clears the live line: the run is over.
  void finish();

  /// One line, unless quiet. [thread-safe]
  void notice(const std::string &text);

  void started() override {}
  void tick(const worker::session_view &view) override;
  void lingering(std::chrono::nanoseconds left) override;
  void stopping() override {}
  void message(taskworker_log_severity severity, const std::string &text,
               bool strategy_speaks) override;

 private:
  void write_line(const std::string &text);

  const std::string strategy_;
  const std::uint64_t tasks_;
  const bool has_endpoints_;
  const bool quiet_;
  const bool is_live_;
  const bool has_color_;

  std::mutex mutex_;
  // Protected by mutex_.
  bool line_is_shown_ = false;
  rate_meter rate_;
};

}  // namespace taskworker::report
