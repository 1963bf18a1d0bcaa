// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "profiling/probes/probe_result.hpp"
#include "profiling/symbols/symbols.hpp"

namespace taskworker::profiling {

/// For what kind of run this machine is looked at.
struct probed_run {
  std::uint32_t workers = 1;
  std::optional<std::uintptr_t> process;  ///< where a strategy's process() lies
};

/// Tries on this machine all that profiles need, then looks at limits and at what disturbs
/// measuring, in this order; none takes longer than a second. Samples CPU time and records
/// contention meanwhile: not beside a run. Where a build has sanitizers, or no jemalloc,
/// what cannot be had for that reason is a warning.
[[nodiscard]] std::vector<probe_result> run_probes(const probed_run &run, symbols &names);

}  // namespace taskworker::profiling
