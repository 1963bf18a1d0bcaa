// SPDX-License-Identifier: MIT
#pragma once

namespace taskworker::cli {

/// From now on the first SIGINT, SIGTERM or SIGHUP is heard, and a second one ends the process.
/// SIGHUP not where it is ignored (nohup(1)).
void hear_cancellation();

/// The signal that was heard; 0 = none.
[[nodiscard]] int cancelling_signal() noexcept;

[[nodiscard]] inline bool is_cancelled() { return cancelling_signal() != 0; }

}  // namespace taskworker::cli
