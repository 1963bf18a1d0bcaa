// SPDX-License-Identifier: MIT
#include "profiling/profile.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <limits>
#include <map>
#include <utility>

namespace taskworker::profiling {
namespace {

using identity = std::pair<std::vector<std::uintptr_t>, std::vector<label>>;

// Stays at the largest number where the sum would be larger. REQUIRES: none is negative.
std::int64_t add_up(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::int64_t>::max() : sum;
}

std::vector<std::int64_t> grown(const std::vector<std::int64_t> &after,
                                const std::vector<std::int64_t> &before) {
  std::vector<std::int64_t> difference(after.size());
  std::transform(after.begin(), after.end(), before.begin(), difference.begin(),
                 [](auto late, auto early) { return std::max<std::int64_t>(late - early, 0); });
  return difference;
}

bool is_zero(const std::vector<std::int64_t> &values) {
  return std::all_of(values.begin(), values.end(), [](auto value) { return value == 0; });
}

}  // namespace

std::int64_t time_since_epoch_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

class profile_builder::lines {
 public:
  std::map<identity, std::vector<std::int64_t>> values;
};

profile_builder::profile_builder(profile empty)
    : empty_(std::move(empty)), lines_(std::make_unique<lines>()) {}
profile_builder::~profile_builder() = default;
profile_builder::profile_builder(profile_builder &&) noexcept = default;
profile_builder &profile_builder::operator=(profile_builder &&) noexcept = default;

void profile_builder::add(profile_sample sample) {
  assert(sample.values.size() == empty_.sample_types.size());
  std::sort(sample.labels.begin(), sample.labels.end());
  auto &sum = lines_->values[{std::move(sample.frames), std::move(sample.labels)}];
  sum.resize(sample.values.size());
  std::transform(sum.begin(), sum.end(), sample.values.begin(), sum.begin(), add_up);
}

profile profile_builder::take() {
  profile built = std::exchange(empty_, {});
  built.samples.reserve(lines_->values.size());
  while (!lines_->values.empty()) {
    auto line = lines_->values.extract(lines_->values.begin());
    auto &[frames, labels] = line.key();
    built.samples.push_back({std::move(frames), std::move(line.mapped()), std::move(labels)});
  }
  std::stable_sort(built.samples.begin(), built.samples.end(),
                   [](const auto &a, const auto &b) { return a.values.back() > b.values.back(); });
  return built;
}

profile subtract(const profile &after, const profile &before) {
  std::map<identity, const std::vector<std::int64_t> *> early;
  for (const auto &sample : before.samples) early[{sample.frames, sample.labels}] = &sample.values;

  profile difference = after;
  difference.duration_ns = after.time_ns - before.time_ns;
  for (auto &sample : difference.samples) {
    const auto found = early.find({sample.frames, sample.labels});
    if (found != early.end()) sample.values = grown(sample.values, *found->second);
  }
  std::erase_if(difference.samples, [](const auto &sample) { return is_zero(sample.values); });
  return difference;
}

}  // namespace taskworker::profiling
