// SPDX-License-Identifier: MIT
#include "profiling/cpu/sample_window.hpp"

namespace taskworker::profiling {

sample_window::sample_window(unsigned hz, std::uint64_t seed)
    : hz_(hz), thinning_(period_of(hz), seed) {}

std::uint64_t &sample_window::count_of(const sample_line &line) {
  const auto found = counts_.find(line);
  if (found != counts_.end()) return found->second;
  if (counts_.size() < max_lines) return counts_[line];
  return counts_[line_of(synthetic_frame::table_full)];
}

void sample_window::add(const line_time &time) {
  if (time.taken_ns < begin_ns_) return;
  const std::uint64_t due = thinning_.count(time.tid, time.cpu_ns);
  if (due != 0) count_of(time.line) += due;
}

profile sample_window::read(std::uint64_t end_ns, const sample_labels &labels) const {
  profile_builder lines(empty_cpu_profile(hz_, end_ns - begin_ns_));
  for (const auto &[line, count] : counts_) {
    lines.add(profile_sample_of(line, count, thinning_.period_ns(), labels));
  }
  return lines.take();
}

}  // namespace taskworker::profiling
