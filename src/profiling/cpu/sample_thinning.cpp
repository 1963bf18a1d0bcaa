// SPDX-License-Identifier: MIT
#include "profiling/cpu/sample_thinning.hpp"

namespace taskworker::profiling {

sample_thinning::sample_thinning(std::uint64_t period_ns, std::uint64_t seed)
    : period_ns_(period_ns), random_(seed) {}

std::uint64_t sample_thinning::count(pid_t tid, std::uint64_t cpu_ns) {
  if (used_ns_.size() >= max_threads && !used_ns_.contains(tid)) used_ns_.clear();
  const auto [found, is_new] = used_ns_.try_emplace(tid, 0);
  auto &used_ns = found->second;
  if (is_new) used_ns = std::uniform_int_distribution<std::uint64_t>(0, period_ns_ - 1)(random_);
  used_ns += cpu_ns;
  const std::uint64_t due = used_ns / period_ns_;
  used_ns %= period_ns_;
  return due;
}

}  // namespace taskworker::profiling
