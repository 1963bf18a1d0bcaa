// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

#include "profiling/profile.hpp"
#include "profiling/symbols/symbols.hpp"

namespace taskworker::profiling {

/// A table for a person: a head line with what is measured, over what time and how many
/// samples, the comments, then the lines of the strategy, largest first, and at most `count`
/// functions with self and total, largest self first, in units that read well and in percent;
/// 80 columns where names allow. `sample_type` is its position in the profile.
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
