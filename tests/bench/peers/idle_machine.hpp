// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace bench::peers {

/// CPUs that others than this process keep busy, or that the hypervisor takes, on average
/// since the object was made.
class foreign_load {
 public:
  foreign_load();
  [[nodiscard]] double cpus() const;

 private:
  double foreign_;
  std::chrono::steady_clock::time_point start_;
};

/// As much foreign load as an idle machine has at most.
inline constexpr double idle_cpus = 0.12;

/// Waits until the machine is idle for half a second, `limit` at most; the load of that last
/// half second.
double wait_for_idle(std::chrono::seconds limit);

}  // namespace bench::peers
