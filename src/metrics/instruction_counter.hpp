// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

namespace taskworker::metrics {

/// Counts the instructions that run in user space on the calling thread and on all threads that
/// it, and those, start from then on (perf_event_open(2)). Many machines have no such counter,
/// or give it to nobody: then nothing is counted.
class instruction_counter {
 public:
  instruction_counter() noexcept;
  ~instruction_counter();
  instruction_counter(const instruction_counter &) = delete;
  instruction_counter &operator=(const instruction_counter &) = delete;

  /// Since the construction; nothing where there is no counter, or it had to share its place
  /// with others, so that it did not count all the time. [thread-safe]
  [[nodiscard]] std::optional<std::uint64_t> read() const noexcept;

 private:
  const int descriptor_;  ///< -1 = no counter
};

}  // namespace taskworker::metrics
