// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace taskworker::worker {

/// Foresees that the kernel kills the process, which leaves no report: that it does when the
/// memory which its control group allows is used up. One thread at a time.
class memory_watch {
 public:
  /// `most`: bytes that the process may have; nothing = there is no limit.
  explicit memory_watch(std::optional<std::uint64_t> most) : most_(most.value_or(0)) {}

  /// What a person should be told, once: when `resident` bytes, those of the process, are nine
  /// tenths of the limit.
  [[nodiscard]] std::optional<std::string> look(std::uint64_t resident);

 private:
  std::uint64_t most_;  ///< bytes; 0 = no limit, or it has been told
};

}  // namespace taskworker::worker
