// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <csignal>
#include <map>
#include <string>
#include <vector>

namespace taskworker::check {

/// What all threads of a process share and a strategy must leave as it was.
struct process_state {
  std::string directory;
  std::vector<std::string> environment;  ///< "NAME=value", sorted
  mode_t umask = 0;
};
[[nodiscard]] process_state read_process_state();

/// What differs, as "the current folder went from / to /tmp"; empty where nothing does.
[[nodiscard]] std::string describe_change(const process_state &before, const process_state &after);

/// What is done on each signal, and which of them the calling thread blocks.
class signal_state {
 public:
  /// As it is now.
  signal_state();

  /// "the handler of SIGUSR1 was replaced"; empty where nothing differs.
  [[nodiscard]] std::string describe_change(const signal_state &after) const;

 private:
  std::map<int, struct sigaction> actions_;
  sigset_t blocked_;
};

/// The open descriptors and what each leads to, as in /proc/self/fd.
[[nodiscard]] std::map<int, std::string> open_descriptors();

}  // namespace taskworker::check
