// SPDX-License-Identifier: MIT
#include "profiling/cpu/sample_history.hpp"

#include <algorithm>

namespace taskworker::profiling {

sample_history::sample_history(unsigned hz, std::uint64_t length_ns, std::uint64_t begin_ns,
                               std::uint64_t seed)
    : hz_(hz), length_ns_(length_ns), begin_ns_(begin_ns), thinning_(period_of(hz), seed) {}

sample_history::kept_lines::value_type &sample_history::hold(const sample_line &line) {
  auto found = lines_.find(line);
  if (found == lines_.end()) {
    const bool is_full = lines_.size() >= max_lines;
    found = lines_.try_emplace(is_full ? line_of(synthetic_frame::history_full) : line, 0).first;
  }
  ++found->second;
  return *found;
}

void sample_history::forget_oldest() {
  const kept_sample &oldest = samples_.front();
  begin_ns_ = std::max(begin_ns_, oldest.taken_ns + 1);
  if (--oldest.line->second == 0) lines_.erase(lines_.find(oldest.line->first));
  samples_.pop_front();
}

void sample_history::add(const line_time &time) {
  if (time.taken_ns < begin_ns_) return;
  const std::uint64_t due = thinning_.count(time.tid, time.cpu_ns);
  if (due == 0) return;
  while (!samples_.empty() && samples_.front().taken_ns + length_ns_ < time.taken_ns) {
    forget_oldest();
  }
  if (samples_.size() >= max_samples) forget_oldest();
  samples_.push_back({time.taken_ns, &hold(time.line), due});
}

profile sample_history::read(std::uint64_t time_ns, std::uint64_t end_ns,
                             const sample_labels &labels) const {
  const std::uint64_t longest = std::min({time_ns, length_ns_, end_ns});
  const std::uint64_t begin_ns = std::max(begin_ns_, end_ns - longest);
  std::unordered_map<const kept_lines::value_type *, std::uint64_t> counts;
  for (const kept_sample &each : samples_) {
    if (each.taken_ns >= begin_ns && each.taken_ns <= end_ns) counts[each.line] += each.count;
  }
  profile_builder lines(empty_cpu_profile(hz_, end_ns - begin_ns));
  for (const auto &[line, count] : counts) {
    lines.add(profile_sample_of(line->first, count, thinning_.period_ns(), labels));
  }
  return lines.take();
}

}  // namespace taskworker::profiling
