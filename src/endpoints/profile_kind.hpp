// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "endpoints/profile_query.hpp"
#include "endpoints/run_view.hpp"
#include "profiling/profile.hpp"

namespace taskworker::endpoints {

/// A profile that is being taken over a time. Destroyed unfinished when nobody waits for it
/// any more.
using profile_in_progress = std::function<profiling::profile()>;

/// One profile that can be asked for, under /debug/pprof/NAME.
struct profile_kind {
  std::string_view name;
  std::string_view summary;  ///< one or two sentences for a person
  std::vector<std::string_view> parameters;
  unsigned max_hz = 0;  ///< of the parameter hz; 0 = there is none

  /// What there is now, or was counted since the process began. Null for profiles that
  /// are always taken over a time.
  std::function<profiling::profile(const profile_query &)> read;
  /// Begins a profile over a time. Null for those that `seconds` gives the growth of.
  std::function<profile_in_progress(const profile_query &)> begin;
  std::chrono::seconds default_time{0};  ///< of those that take time
  /// The time just gone. Null where that is not kept.
  std::function<profiling::profile(std::chrono::seconds)> look_back;

  /// The first line of debug=1, stacks with counts. Null: debug=1 is a table of functions.
  std::function<std::string(const profiling::profile &)> head;
  /// The text of debug=2. Null: the text of debug=1, with all stacks.
  std::function<std::string()> detail;
  std::size_t table_column = 0;  ///< the sample type that the table ranks
};

/// All of them, in the order of the index page.
[[nodiscard]] std::vector<profile_kind> make_profile_kinds(const run_view &run);

}  // namespace taskworker::endpoints
