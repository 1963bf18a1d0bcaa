// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "metrics/machine.hpp"
#include "profiling/probes/probe_result.hpp"

namespace taskworker::profiling {

/// What a run takes of the machine.
struct run_needs {
  std::uint64_t workers = 1;
  std::uint64_t threads = 1;  ///< workers and the program's own
  std::uint64_t open_files = 0;
};

/// Of a run with that many workers and with its endpoints.
[[nodiscard]] run_needs needs_of_run(std::uint32_t workers);

/// How this program was built.
struct build_figures {
  std::string type;        ///< Meson's buildtype
  std::string sanitizers;  ///< empty = none
  bool is_optimized = true;
};

[[nodiscard]] build_figures read_build();

/// The clock of the times of tasks (metrics/tick_clock.hpp).
struct clock_figures {
  bool uses_tsc = false;
  double ns_per_read = 0;
};

[[nodiscard]] clock_figures measure_clock();

/// Verdicts on figures, whatever they were read from. Pure.

/// Does the machine give what a run needs?
[[nodiscard]] probe_result judge_open_files(const metrics::machine_figures &machine,
                                            const run_needs &needs);
[[nodiscard]] probe_result judge_threads(const metrics::machine_figures &machine,
                                         const run_needs &needs);
[[nodiscard]] probe_result judge_memory(const metrics::machine_figures &machine);
[[nodiscard]] probe_result judge_cpus(const metrics::machine_figures &machine,
                                      const run_needs &needs);

/// Can what is measured here be trusted?
[[nodiscard]] probe_result judge_build(const build_figures &build);
[[nodiscard]] probe_result judge_clock(const clock_figures &clock);
[[nodiscard]] probe_result judge_load(const metrics::machine_figures &machine);
[[nodiscard]] probe_result judge_throttling(const metrics::machine_figures &machine);
[[nodiscard]] probe_result judge_governor(std::string_view governor);

}  // namespace taskworker::profiling
