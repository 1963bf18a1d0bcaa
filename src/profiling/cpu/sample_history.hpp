// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>

#include "profiling/cpu/sample_line.hpp"
#include "profiling/cpu/sample_thinning.hpp"
#include "profiling/profile.hpp"
#include "profiling/sample_labels.hpp"

namespace taskworker::profiling {

/// The samples of the time just gone, at a rate of its own, each with its moment: what is
/// too old is forgotten. Of bounded size. Lines are kept once however often they were seen.
class sample_history {
 public:
  /// With 24 bytes each: 5 minutes of ten CPUs at 20 Hz. Beyond, the oldest are forgotten.
  static constexpr std::size_t max_samples = 65'536;
  /// Further lines are kept as one, synthetic_frame::history_full.
  static constexpr std::size_t max_lines = 8192;

  /// `begin_ns`: from when on samples come. CLOCK_MONOTONIC, as all times here.
  sample_history(unsigned hz, std::uint64_t length_ns, std::uint64_t begin_ns, std::uint64_t seed);
  sample_history(const sample_history &) = delete;
  sample_history &operator=(const sample_history &) = delete;

  /// In about the order of time.
  void add(const line_time &time);

  /// The profile of `time_ns` until `end_ns`, or as much of it as is kept: see its duration.
  [[nodiscard]] profile read(std::uint64_t time_ns, std::uint64_t end_ns,
                             const sample_labels &labels) const;

 private:
  using kept_lines = std::unordered_map<sample_line, std::size_t, sample_line_hash>;
  struct kept_sample {
    std::uint64_t taken_ns;
    kept_lines::value_type *line;  // map nodes stay where they are
    std::uint64_t count;
  };

  kept_lines::value_type &hold(const sample_line &line);
  void forget_oldest();

  unsigned hz_;
  std::uint64_t length_ns_;
  std::uint64_t begin_ns_;  ///< nothing is known of the time before
  sample_thinning thinning_;
  kept_lines lines_;  ///< how many samples hold it
  std::deque<kept_sample> samples_;
};

}  // namespace taskworker::profiling
