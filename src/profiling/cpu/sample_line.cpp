// SPDX-License-Identifier: MIT
#include "profiling/cpu/sample_line.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

namespace taskworker::profiling {
namespace {

constexpr std::string_view no_thread = "none";

std::size_t mix(std::size_t hash, std::size_t more) {
  return (hash ^ more) * 0x9e3779b97f4a7c15 ^ (hash >> 29);
}

}  // namespace

std::size_t sample_line_hash::operator()(const sample_line &line) const noexcept {
  std::size_t hash = std::hash<std::string_view>()({line.thread.data(), line.thread.size()});
  for (const std::uintptr_t frame : line.frames) hash = mix(hash, frame);
  return mix(mix(hash, line.worker), line.operation);
}

sample_line line_of(synthetic_frame what) {
  sample_line line;
  line.frames.push_back(address_of(what));
  std::copy(no_thread.begin(), no_thread.end(), line.thread.begin());
  return line;
}

profile empty_cpu_profile(unsigned hz, std::uint64_t duration_ns) {
  profile empty;
  empty.sample_types = {{"samples", "count"}, {"cpu", "nanoseconds"}};
  empty.period_type = {"cpu", "nanoseconds"};
  empty.period = static_cast<std::int64_t>(period_of(hz));
  empty.time_ns = time_since_epoch_ns();
  empty.duration_ns = static_cast<std::int64_t>(duration_ns);
  return empty;
}

profile_sample profile_sample_of(const sample_line &line, std::uint64_t count,
                                 std::uint64_t period_ns, const sample_labels &labels) {
  const task_mark mark{.worker = line.worker, .operation = line.operation};
  return {line.frames,
          {static_cast<std::int64_t>(count), static_cast<std::int64_t>(count * period_ns)},
          labels.of(line.thread.data(), mark)};
}

}  // namespace taskworker::profiling
