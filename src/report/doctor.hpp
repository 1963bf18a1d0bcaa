// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>

#include "profiling/probes/probe_result.hpp"

namespace taskworker::report {

/// The text of --doctor: a block for each probe, what to do below it, and the counts in the
/// last line; at most 80 columns, apart from paths and names of functions.
[[nodiscard]] std::string describe_probes(std::span<const profiling::probe_result> results);

/// True where no probe has failed.
[[nodiscard]] bool all_needed_hold(std::span<const profiling::probe_result> results);

}  // namespace taskworker::report
