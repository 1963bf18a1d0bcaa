// SPDX-License-Identifier: MIT
#include "worker/lifecycle.hpp"

namespace taskworker::worker {

run_action lifecycle::on(run_event event) {
  if (phase_ == phase::ended) return run_action::nothing;
  switch (event) {
    case run_event::started:
      return on_started();
    case run_event::start_overdue:
      if (phase_ != phase::starting) return run_action::nothing;
      return enter(phase::ended, run_action::give_up);
    case run_event::tasks_done:
      if (phase_ == phase::working && has_duration_ && !duration_over_) {
        return enter(phase::lingering, run_action::linger);
      }
      return enter(phase::stopping, run_action::stop);
    case run_event::duration_over:
      duration_over_ = true;
      if (phase_ == phase::working) return enter(phase::draining, run_action::drain);
      if (phase_ == phase::lingering) return enter(phase::stopping, run_action::stop);
      return run_action::nothing;
    case run_event::stop_signal:
      return on_signal();
    case run_event::grace_over:
      return enter(phase::ended, run_action::give_up);
    case run_event::stopped:
      return enter(phase::ended, run_action::finish);
  }
  return run_action::nothing;
}

run_action lifecycle::on_started() {
  if (signalled_) return enter(phase::stopping, run_action::stop);
  return enter(phase::working, run_action::feed);
}

run_action lifecycle::on_signal() {
  if (signalled_) return enter(phase::ended, run_action::die);
  signalled_ = true;
  switch (phase_) {
    case phase::working:
      return enter(phase::draining, run_action::drain);
    case phase::lingering:
      return enter(phase::stopping, run_action::stop);
    // A start() that hangs has the grace time to come back; no task was taken yet.
    case phase::starting:
      return run_action::drain;
    case phase::draining:
    case phase::stopping:
    case phase::ended:
      return run_action::nothing;
  }
  return run_action::nothing;
}

}  // namespace taskworker::worker
