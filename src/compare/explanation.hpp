// SPDX-License-Identifier: MIT
//
// What explains the figures of a comparison: runs that are no samples, as to watch them costs.
//
//   1. CPU profiles of as many runs as come to three seconds of work, but twenty at most. Where a
//      sample takes less than 0.1 s, they have so many times more tasks that they take a second.
//   2. The heap after one run, with an allocation sampled every 32 KiB in the mean.
//   3. The course of one run with the same tasks for all strategies, spread over three seconds or
//      what the slowest needs: threads, jobs and memory as time goes by.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compare/joint_profile.hpp"
#include "compare/plan.hpp"
#include "compare/result.hpp"
#include "compare/timeline.hpp"

namespace taskworker::compare {

struct explanation {
  joint_profile profiles;
  std::vector<std::optional<timeline>> timelines;  ///< one a strategy; none where its run failed,
                                                   ///< or that is saved
  std::uint64_t rate = 0;          ///< tasks per second that the timelines were given
  std::vector<std::string> notes;  ///< one a strategy: what could not be had, or is not as in
                                   ///< the samples; empty = nothing
};

/// Runs the strategies of a comparison, but for a saved one, some more times, on the calling
/// thread. The files that the runs write stay in `folder`: NUMBER-NAME.cpu.RUN.pb.gz, .heap.pb.gz
/// and .timeline.csv. Runs that fail are told in the notes. Once `is_cancelled` is true it returns
/// what is there. Throws std::system_error.
[[nodiscard]] explanation explain(const comparison_plan &plan, const comparison_result &result,
                                  const std::string &folder, const progress_listener &tell,
                                  bool (*is_cancelled)());

}  // namespace taskworker::compare
