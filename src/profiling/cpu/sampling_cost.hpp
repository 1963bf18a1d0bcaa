// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "profiling/cpu/sampler.hpp"

namespace taskworker::profiling {

/// What sampling has missed and used up to one moment.
struct sampling_cost {
  sampler_figures sampler;
  std::uint64_t failed_unwinds = 0;
  std::uint64_t profiler_cpu_ns = 0;  ///< of the thread that takes the samples over
};

/// What came between two moments, as comments of a profile at `hz`. `when` says which time
/// that is: "in this time". Numbers of threads are those of the later moment.
[[nodiscard]] std::vector<std::string> describe_sampling(unsigned hz, std::string_view when,
                                                         const sampling_cost &before,
                                                         const sampling_cost &after);

}  // namespace taskworker::profiling
