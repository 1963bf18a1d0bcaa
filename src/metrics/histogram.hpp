// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "metrics/single_writer.hpp"

namespace taskworker::metrics {

/// The log-linear scale that durations are counted on: 32 equal steps an octave,
/// so a bucket is at most 1/32 (3.1 %) wide. Values below 64 have a bucket each;
/// values past the last octave count in the last bucket. The layout is that of
/// HdrHistogram with 5 bits of precision (hdrhistogram.github.io).
struct log_linear_scale {
  static constexpr unsigned step_bits = 5;
  static constexpr unsigned steps = 1u << step_bits;
  static constexpr unsigned octaves = 40;  ///< up to 2^45 ticks: hours at 3 GHz
  static constexpr std::size_t buckets = (octaves + 1) * steps;

  [[nodiscard]] static constexpr std::size_t bucket_of(std::uint64_t value) noexcept {
    if (value < steps) return static_cast<std::size_t>(value);
    const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - 1 - step_bits;
    const std::size_t bucket = shift * steps + static_cast<std::size_t>(value >> shift);
    return bucket < buckets ? bucket : buckets - 1;
  }

  /// The largest value that counts in `bucket`.
  [[nodiscard]] static constexpr std::uint64_t highest_of(std::size_t bucket) noexcept {
    if (bucket < 2 * steps) return bucket;
    const std::size_t shift = bucket / steps - 1;
    return ((bucket - shift * steps + 1) << shift) - 1;
  }
};

/// What a histogram, or the sum of many, held at one moment. Values are in the
/// unit that was recorded.
struct histogram_counts {
  std::vector<std::uint64_t> buckets = std::vector<std::uint64_t>(log_linear_scale::buckets);
  std::uint64_t count = 0;
  std::uint64_t sum = 0;
  std::uint64_t maximum = 0;  ///< exact

  /// The value that `quantile` (0 .. 1) of all values do not exceed: the upper end
  /// of its bucket, never more than the exact maximum; 0 when nothing was recorded.
  [[nodiscard]] std::uint64_t quantile(double quantile) const;

  histogram_counts &operator+=(const histogram_counts &other);
};

/// A histogram that one thread records into and any thread reads.
class histogram {
 public:
  /// About a nanosecond. [the writer]
  void record(std::uint64_t value) noexcept {
    buckets_[log_linear_scale::bucket_of(value)].add();
    sum_.add(value);
    if (value > maximum_.get()) maximum_.set(value);
  }

  /// Adds what is held now to `counts`. [thread-safe]
  void add_to(histogram_counts &counts) const;

  /// The largest value so far, exact. [thread-safe]
  [[nodiscard]] std::uint64_t maximum() const noexcept { return maximum_.get(); }

 private:
  std::array<single_writer_counter, log_linear_scale::buckets> buckets_;
  single_writer_counter sum_;
  single_writer_counter maximum_;
};

}  // namespace taskworker::metrics
