// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "profiling/cpu/sample_line.hpp"
#include "profiling/cpu/sample_thinning.hpp"
#include "profiling/profile.hpp"
#include "profiling/sample_labels.hpp"

namespace taskworker::profiling {

/// The sum of the samples of some time, at a rate of its own.
class sample_window {
 public:
  /// Further lines are counted together, as synthetic_frame::table_full.
  static constexpr std::size_t max_lines = 65'536;

  sample_window(unsigned hz, std::uint64_t seed);

  [[nodiscard]] unsigned hz() const { return hz_; }

  /// From when on samples count; none before it is called. CLOCK_MONOTONIC.
  void begin(std::uint64_t at_ns) { begin_ns_ = at_ns; }
  [[nodiscard]] std::uint64_t begin_ns() const { return begin_ns_; }

  void add(const line_time &time);

  /// The profile of the time until `end_ns`.
  [[nodiscard]] profile read(std::uint64_t end_ns, const sample_labels &labels) const;

 private:
  std::uint64_t &count_of(const sample_line &line);

  unsigned hz_;
  std::uint64_t begin_ns_ = UINT64_MAX;
  sample_thinning thinning_;
  std::unordered_map<sample_line, std::uint64_t, sample_line_hash> counts_;
};

}  // namespace taskworker::profiling
