// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace taskworker::worker {

/// What happens to a run from outside.
enum class run_event : std::uint8_t {
  started,        ///< the strategy's start() has returned
  start_overdue,  ///< --start-timeout has passed
  tasks_done,     ///< every task that was taken is accounted for, workers are idle
  duration_over,  ///< --duration has passed
  stop_signal,    ///< SIGINT or SIGTERM
  grace_over,     ///< --grace has passed since the stop began
  stopped,        ///< the strategy's stop() and destroy() have returned
};

/// What is to be done next.
enum class run_action : std::uint8_t {
  nothing,
  feed,     ///< open the task source
  linger,   ///< keep the endpoints up until the duration is over
  drain,    ///< close the task source, throw out what waits, begin the grace time
  stop,     ///< stop the strategy; begin the grace time if it has not begun
  finish,   ///< all is over: report
  give_up,  ///< something is stuck: report, exit as timed out
  die,      ///< second signal: report and end at once
};

/// The course of a run as a state machine without clocks, threads or signals: it is
/// told what happened and answers what to do. One thread at a time.
class lifecycle {
 public:
  /// `has_duration`: after the last task the run stays up until the duration is over.
  explicit lifecycle(bool has_duration) : has_duration_(has_duration) {}

  [[nodiscard]] run_action on(run_event event);

  enum class phase : std::uint8_t { starting, working, lingering, draining, stopping, ended };
  [[nodiscard]] phase current() const { return phase_; }

  /// True once a signal has asked for the end.
  [[nodiscard]] bool was_signalled() const { return signalled_; }

 private:
  run_action on_signal();
  run_action on_started();
  run_action enter(phase next, run_action action) {
    phase_ = next;
    return action;
  }

  const bool has_duration_;
  phase phase_ = phase::starting;
  bool signalled_ = false;
  bool duration_over_ = false;
};

}  // namespace taskworker::worker
