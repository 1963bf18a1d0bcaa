// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>

namespace taskworker::worker {

/// Whoever started the process wants it not to hear this signal, as nohup(1) does with SIGHUP.
[[nodiscard]] inline bool is_ignored(int signal) noexcept {
  struct sigaction now{};
  return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace taskworker::worker
