// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace taskworker::profiling {

/// What a number of a profile counts, and in what: {"cpu", "nanoseconds"}.
struct value_type {
  std::string type;
  std::string unit;
  friend bool operator==(const value_type &, const value_type &) = default;
};

/// Says whose a sample is: {"worker", "3"}. Both parts are text: some readers drop numbers.
struct label {
  std::string key;
  std::string value;
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy takes the comparison's 0 for a pointer
  friend auto operator<=>(const label &, const label &) = default;
};

/// One line of a profile: where, of whom, how much.
struct profile_sample {
  /// Innermost first: return addresses (the call lies one byte before; what a signal has
  /// interrupted is stored one byte on) or synthetic frames (synthetic_frame.hpp).
  std::vector<std::uintptr_t> frames;
  std::vector<std::int64_t> values;  ///< one for each sample type; never negative
  std::vector<label> labels;         ///< sorted, no key twice
};

/// A profile as https://github.com/google/pprof/blob/main/proto/profile.proto has it,
/// before addresses are given names. No two samples have the same frames and labels.
struct profile {
  std::vector<value_type> sample_types;
  std::string default_sample_type;  ///< empty = the last one
  value_type period_type;
  std::int64_t period = 0;            ///< mean distance of two samples, in period_type's unit
  std::int64_t time_ns = 0;           ///< of its end, since the Unix epoch
  std::int64_t duration_ns = 0;       ///< 0 = a state, not a time
  std::vector<std::string> comments;  ///< what a reader should know, a line each
  std::vector<profile_sample> samples;
};

/// The time now, as profile::time_ns has it. [thread-safe]
[[nodiscard]] std::int64_t time_since_epoch_ns();

/// Adds samples together that have the same frames and labels.
class profile_builder {
 public:
  /// `empty` is the profile without samples.
  explicit profile_builder(profile empty);
  ~profile_builder();
  profile_builder(profile_builder &&) noexcept;
  profile_builder &operator=(profile_builder &&) noexcept;

  /// REQUIRES: as many values as sample types. Labels in any order.
  void add(profile_sample sample);

  /// The profile: lines with the largest last value first. The builder is empty then.
  [[nodiscard]] profile take();

 private:
  class lines;
  profile empty_;
  std::unique_ptr<lines> lines_;
};

/// What came between two looks at the same growing profile: `after` - `before`, line by
/// line, no value below 0; lines that are all 0 are left out. The duration is the time
/// between the two.
[[nodiscard]] profile subtract(const profile &after, const profile &before);

}  // namespace taskworker::profiling
