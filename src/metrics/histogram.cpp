// SPDX-License-Identifier: MIT
#include "metrics/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace taskworker::metrics {

std::uint64_t histogram_counts::quantile(double quantile) const {
  if (count == 0) return 0;
  const double wanted = std::ceil(quantile * static_cast<double>(count));
  const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, count);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets.size(); ++bucket) {
    seen += buckets[bucket];
    if (seen >= rank) return std::min(log_linear_scale::highest_of(bucket), maximum);
  }
  return maximum;
}

histogram_counts &histogram_counts::operator+=(const histogram_counts &other) {
  for (std::size_t bucket = 0; bucket < buckets.size(); ++bucket) {
    buckets[bucket] += other.buckets[bucket];
  }
  count += other.count;
  sum += other.sum;
  maximum = std::max(maximum, other.maximum);
  return *this;
}

void histogram::add_to(histogram_counts &counts) const {
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    const std::uint64_t held = buckets_[bucket].get();
    counts.buckets[bucket] += held;
    // Counted from the buckets, so that count and buckets agree at any moment.
    counts.count += held;
  }
  counts.sum += sum_.get();
  counts.maximum = std::max(counts.maximum, maximum_.get());
}

}  // namespace taskworker::metrics
