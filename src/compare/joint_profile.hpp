// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "profiling/format/call_tree.hpp"
#include "profiling/format/call_tree_builder.hpp"
#include "profiling/format/pprof_decoder.hpp"

namespace taskworker::compare {

/// What is counted of a strategy, as profiles name it.
struct profile_kind {
  std::string_view type;   ///< of the sample type
  std::string_view title;  ///< for a person
  std::string_view unit;   ///< of the sample type
};

inline constexpr std::array<profile_kind, 4> profile_kinds{{
    {"cpu", "CPU time", "nanoseconds"},
    {"alloc_space", "allocated bytes", "bytes"},
    {"alloc_objects", "allocations", "count"},
    {"inuse_space", "live heap", "bytes"},
}};

/// How much is known of one kind of one strategy.
struct profile_coverage {
  std::uint64_t tasks = 0;  ///< that the values come from; 0 = it was not profiled
  std::int64_t total = 0;   ///< of all values
  double period = 0;        ///< what one sample stands for, in the mean
};

/// For each function of the tree, by what it is found again in another strategy: its name. Of a
/// strategy's own code that is the last part of it, without template arguments, so that
/// bad::process and optimized::process are laid over one another; but the whole name where the
/// functions of one module could not be told apart by that.
[[nodiscard]] std::vector<std::string> keys_of_functions(const profiling::call_tree &tree);

/// Where the time and the memory of several strategies go: their profiles laid over one another.
class joint_profile {
 public:
  using coverages = std::array<profile_coverage, profile_kinds.size()>;

  /// `program`: the path of taskworker.
  joint_profile(std::size_t strategies, const std::string &program);

  /// Adds what one run of so many tasks gave. A kind that the profile does not have is left as it
  /// is. A strategy may have many runs.
  void add(std::size_t strategy, const profiling::named_profile &profile, std::uint64_t tasks);

  [[nodiscard]] const std::vector<coverages> &known() const { return known_; }

  /// Its leaves have a value for each kind, and as their only label {"strategy", NUMBER}. The
  /// object is not to be used after it.
  [[nodiscard]] profiling::call_tree take_tree() { return builder_.take(); }

 private:
  profiling::call_tree_builder builder_;
  std::vector<coverages> known_;
};

}  // namespace taskworker::compare
