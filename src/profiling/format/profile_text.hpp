// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "profiling/format/function_ranking.hpp"
#include "profiling/profile.hpp"
#include "profiling/symbols/symbols.hpp"

namespace taskworker::profiling {

/// The functions of a profile, largest self first, then largest total.
[[nodiscard]] std::vector<top_line> rank_functions(const profile &source, std::size_t sample_type,
                                                   symbols &names);

/// A table for a person: a head line with what is measured, over what time and how many
/// samples, the comments, then functions with self and total, in units that read well and in
/// percent: first those of the strategy's own code, by total, then at most `count` of all, by
/// self; 80 columns where names allow. `sample_type` is its
/// position in the profile.
[[nodiscard]] std::string format_top(const profile &source, std::size_t sample_type,
                                     std::size_t count, symbols &names);

/// Every sample with its stack, as Go's `debug=1` texts do it: "VALUES @ 0xADDRESS ...", its
/// labels as "# labels: {...}", then "#	0xADDRESS	FUNCTION	FILE:LINE" for each
/// frame, or MODULE+0xOFFSET in the place of the last where no line is known. `head` is the first
/// line, the profile's comments follow it. Values stand in Go's order: "3: 96 [10: 320]" for the
/// four of a heap profile, in use first; delay before count for contention.
[[nodiscard]] std::string format_stacks(const std::string &head, const profile &source,
                                        symbols &names);

/// One sentence for a person: why a profile of these sample types may have nothing in it.
[[nodiscard]] std::string explain_empty(const profile &source);

}  // namespace taskworker::profiling
