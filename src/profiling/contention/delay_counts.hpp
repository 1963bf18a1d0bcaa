// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "profiling/contention/delay_sampler.hpp"
#include "profiling/profile.hpp"
#include "profiling/stack_counts.hpp"

namespace taskworker::profiling {

/// Delays by the stack that met or caused them. For static storage. [thread-safe]
class delay_counts {
 public:
  /// Adds a delay, or leaves it to chance, with the stack of the calling thread. Its
  /// innermost frame is `caller`, a return address on it: what lies above is left out.
  /// Allocates nothing and takes no lock.
  void add(std::uint64_t delay_ns, std::uint64_t now_ns, std::uintptr_t caller) noexcept;

  /// Adds what was counted to a profile of contentions and nanoseconds.
  void add_to(profile_builder &built) const;

  [[nodiscard]] std::uint64_t threshold_ns() const noexcept { return sampler_.threshold_ns(); }

 private:
  delay_sampler sampler_;
  stack_counts counts_;
};

}  // namespace taskworker::profiling
