// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "profiling/profile.hpp"
#include "profiling/sample_labels.hpp"
#include "profiling/symbols/symbols.hpp"
#include "profiling/threads/thread_stacks.hpp"
#include "worker/job_loop.hpp"
#include "worker/session.hpp"
#include "worker/suspects.hpp"

namespace taskworker::endpoints {

/// Who is there at one moment: what Go's goroutine profile is for goroutines.
struct census {
  std::vector<profiling::thread_snapshot> threads;
  std::vector<worker::job_info> jobs;
  std::vector<std::string> stuck;  ///< tasks beyond --task-timeout, each in words
  std::uint64_t now_ns = 0;        ///< CLOCK_MONOTONIC
};

/// Everybody who is there now, or the threads or jobs alone.
enum class census_of : std::uint8_t { all, threads, jobs };
[[nodiscard]] census take_census(const worker::session &session, census_of whom);

/// One sample for each group of threads, or jobs, with the same stack and labels
/// (goroutine/count). A thread counts where it is now; a job where it was started, with
/// synthetic_frame::job in front. Labels: kind (thread or job) and those of all samples.
[[nodiscard]] profiling::profile count_stacks(const census &found,
                                              const profiling::sample_labels &labels);

/// What a strategy has left behind, by the stack that started it, from the first frame on
/// that `is_own` (the strategy's code) holds of, if any; label leak (suspect or leaked)
/// beside the kind.
[[nodiscard]] profiling::profile count_left_behind(
    const worker::left_behind &found, const profiling::sample_labels &labels,
    const std::function<bool(std::uintptr_t frame)> &is_own);

/// Each thread and each job with all that is known of it: name, state, CPU time, age, its
/// stack, who started it. After `longest_list` jobs of one stack the rest is only counted.
[[nodiscard]] std::string describe(const census &found, profiling::symbols &names);
inline constexpr std::size_t longest_list = 100;

}  // namespace taskworker::endpoints
