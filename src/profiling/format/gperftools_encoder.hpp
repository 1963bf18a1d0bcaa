// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "profiling/profile.hpp"

namespace taskworker::profiling {

/// A CPU profile in the binary form of gperftools
/// (https://gperftools.github.io/gperftools/cpuprofile-fileformat.html), which `jeprof`
/// reads: counts and addresses in machine words, no names, then /proc/self/maps. Labels and
/// synthetic frames have no place there: samples that consist of such a frame are left out.
/// REQUIRES: the first sample type counts samples, the period is in nanoseconds.
[[nodiscard]] std::string encode_gperftools(const profile &source);

}  // namespace taskworker::profiling
