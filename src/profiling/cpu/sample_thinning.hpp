// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <unordered_map>

namespace taskworker::profiling {

/// Makes samples of one rate into samples of a lower one, so that the CPU time they stand
/// for stays: gives one for each period of its own that a thread has used. Where in its
/// period a thread stands at first is random, so that short-lived threads count as they
/// should. Gives each sample once where the rates are the same.
class sample_thinning {
 public:
  /// Beyond, all threads begin anew at random, which changes no sum but by chance.
  static constexpr std::size_t max_threads = 8192;

  sample_thinning(std::uint64_t period_ns, std::uint64_t seed);

  /// How many samples of the own period are due after `cpu_ns` more of the thread.
  [[nodiscard]] std::uint64_t count(pid_t tid, std::uint64_t cpu_ns);

  [[nodiscard]] std::uint64_t period_ns() const { return period_ns_; }

 private:
  std::uint64_t period_ns_;
  std::mt19937_64 random_;
  std::unordered_map<pid_t, std::uint64_t> used_ns_;  ///< of the period that has begun
};

}  // namespace taskworker::profiling
