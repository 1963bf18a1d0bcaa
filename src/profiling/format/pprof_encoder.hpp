// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "profiling/profile.hpp"
#include "profiling/symbols/symbols.hpp"

namespace taskworker::profiling {

/// The profile as gzip'd profile.proto
/// (https://github.com/google/pprof/blob/main/proto/profile.proto), whole with functions,
/// files, lines and in-line calls, so that no reader needs the binaries. What readers rely on:
///
/// - The first mapping is the program. has_functions and its kin hold for all locations of a
///   mapping: one that has frames with lines, with a function only, or without a name is there
///   once for each.
/// - A location is one frame, its address that of the call; a synthetic frame has its own
///   address and no mapping.
/// - time_nanos is the start, as in Go's profiles; the duration follows it.
///
/// [thread-safe]
[[nodiscard]] std::string encode_pprof(const profile &source, symbols &names);

}  // namespace taskworker::profiling
