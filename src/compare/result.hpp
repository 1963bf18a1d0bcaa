// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "compare/comparison.hpp"
#include "compare/environment.hpp"
#include "compare/gate.hpp"

namespace taskworker::compare {

/// What came of `taskworker compare`, as the table and the files tell it.
struct comparison_result {
  std::vector<sample_series> series;           ///< the baseline first
  std::vector<std::vector<finding>> findings;  ///< [i] is of series[i + 1] against the baseline;
                                               ///< empty where there are too few samples
  std::vector<gate_finding> gates;             ///< each of each candidate
  comparison_rules rules;
  environment where;
  std::vector<std::string> command;        ///< as the user gave it, word by word
  std::vector<std::string> run_arguments;  ///< of each run, beside those of the course
  std::string taken_at;                    ///< when it began: "2026-11-26 04:00:00 UTC"
  std::vector<std::string> differences;    ///< of a saved baseline (saved_run.hpp)
  std::uint64_t tasks = 0;                 ///< of each sample
  std::uint32_t workers = 0;
  std::uint64_t warm_up = 0;  ///< rounds at the begin that are not among the samples
  std::chrono::nanoseconds elapsed{0};
  bool is_partial = false;  ///< the user ended it
  bool is_narrow = false;   ///< the primary metric of each candidate is
  bool is_time_up = false;  ///< the rounds ended before the primary metric was narrow enough
};

/// For a terminal of 80 columns: for each candidate a table with a line a metric (baseline,
/// candidate, interval of the change, verdict), the primary one first and said to be so; how many
/// samples, runs that failed, what disturbs the environment; the verdict on the primary metric in
/// words last. With more than one candidate also one table of 100 columns with a line a strategy
/// (what each fault costs). `has_color`: ANSI colours, on verdicts only.
[[nodiscard]] std::string as_text(const comparison_result &result, bool has_color);

/// The same for a pull request: GitHub's Markdown.
[[nodiscard]] std::string as_markdown(const comparison_result &result);

/// For programs: one object, the samples among it. What is not known is null.
///
///     schema            "taskworker.comparison/1"
///     is_partial, taken_at, command (words), run_arguments (words), elapsed_seconds,
///     tasks_per_sample, workers, warm_up_rounds
///     rules             {primary, threshold, seed, clock_step_seconds}
///     metrics           {NAME: {title, unit, better: "lower" | "higher", is_exact}}
///     environment       {program_version, compiler, build_type, sanitizers, allocator, cpu,
///                        kernel, cpus, usable_cpus, load, governor, memory_available_bytes,
///                        warnings: [text]}
///     series            [{strategy, is_saved, workload, results_digest, failed_runs,
///                         last_failure, busy_seconds: [number],
///                         samples: {NAME: [number or null]}}], the baseline first
///     comparisons       [{baseline, candidate, verdict (on the primary metric), conclusion,
///                         findings: {NAME: {baseline, candidate, ratio, ratio_low, ratio_high,
///                                           p, verdict, more_samples}}}]
///     gates             [{gate, candidate, outcome: "kept" | "broken" | "untold"}]
///
/// NAME is one of metrics(), and its unit that of its values: "nanoseconds", "seconds",
/// "per_second", "bytes", "count". A metric that not all samples tell is not among the findings.
[[nodiscard]] std::string as_json(const comparison_result &result);

}  // namespace taskworker::compare
