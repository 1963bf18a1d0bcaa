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

/// Waits for an idle machine, for as long as there is patience left.
class idle_wait {
 public:
  explicit idle_wait(std::chrono::nanoseconds patience) : patience_(patience) {}

  /// Returns at the first quarter of a second that is idle, or that patience is out.
  void operator()();

 private:
  std::chrono::nanoseconds patience_;
};

}  // namespace bench::peers
