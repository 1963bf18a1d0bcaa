// SPDX-License-Identifier: MIT
#include "report/console.hpp"

#include <unistd.h>

#include <cmath>
#include <utility>

#include "metrics/units.hpp"
#include "profiling/descriptor.hpp"
#include "report/terminal.hpp"

namespace taskworker::report {
using metrics::with_commas;

namespace {

const char *prefix_of(taskworker_log_severity severity) {
  switch (severity) {
    case TASKWORKER_LOG_WARNING:
      return "warning: ";
    case TASKWORKER_LOG_ERROR:
      return "error: ";
    case TASKWORKER_LOG_HOST_MISBEHAVING:
      return "the host breaks a rule: ";
    case TASKWORKER_LOG_STRATEGY_MISBEHAVING:
      return "the strategy breaks a rule: ";
    default:
      return "";
  }
}

/// Nobody who listens is no reason to end the run.
void tell(const std::string &text) { (void)profiling::write_all(STDERR_FILENO, text); }

}  // namespace

console::console(std::string strategy, std::uint64_t tasks, bool has_endpoints, bool quiet)
    : strategy_(std::move(strategy)),
      tasks_(tasks),
      has_endpoints_(has_endpoints),
      quiet_(quiet),
      is_live_(!quiet && is_capable_terminal(STDERR_FILENO)),
      has_color_(is_live_ && takes_color(STDERR_FILENO)) {}

void console::finish() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(line_is_shown_, false)) tell("\r\033[K");
}

void console::notice(const std::string &text) {
  if (!quiet_) write_line("taskworker: " + text);
}

void console::lingering(std::chrono::nanoseconds left) {
  const auto seconds = std::ceil(std::chrono::duration<double>(left).count());
  notice(std::string("tasks done; ") + (has_endpoints_ ? "endpoints stay" : "the run stays") +
         " up " + with_commas(static_cast<std::uint64_t>(seconds)) + " s, Ctrl-C ends");
}

void console::message(taskworker_log_severity severity, const std::string &text,
                      bool strategy_speaks) {
  if (severity <= TASKWORKER_LOG_DEBUG || (quiet_ && severity <= TASKWORKER_LOG_INFO)) return;
  const bool is_bad = severity >= TASKWORKER_LOG_ERROR;
  const std::string prefix = prefix_of(severity);
  write_line((strategy_speaks ? strategy_ : "taskworker") + ": " +
             (has_color_ && !prefix.empty()
                  ? (is_bad ? "\033[31m" : "\033[33m") + prefix + "\033[0m"
                  : prefix) +
             text);
}

void console::tick(const worker::session_view &view) {
  if (!is_live_) return;
  const std::lock_guard lock(mutex_);
  tell("\r" + progress_line(view, tasks_, rate_.next(view)) + "\033[K");
  line_is_shown_ = true;
}

void console::write_line(const std::string &text) {
  const std::lock_guard lock(mutex_);
  tell((std::exchange(line_is_shown_, false) ? "\r\033[K" : "") + text + "\n");
}

}  // namespace taskworker::report
