// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "peers/section.hpp"
#include "strategy/library.hpp"

namespace bench::peers {

inline constexpr const char *dispatch_name = "Dispatch";
inline constexpr const char *harness_name = "Harness";
inline constexpr const char *strategies_name = "Strategies";
[[nodiscard]] std::string end_to_end_name(std::uint64_t data_size);

// Ways beside taskworker's and those of the peers.
inline constexpr std::string_view bare_loop_name = "bare loop";
inline constexpr std::string_view bare_calls_name = "bare loop, through the ABI";
inline constexpr std::string_view optimized_name = "optimized";
inline constexpr std::string_view faultless_name = "bad:problems=none";

using taskworker::strategy::library;

/// Each measures, prints and returns what it found. `null` does nothing with a task.
[[nodiscard]] section measure_dispatch(const library &null, const effort &spent);
[[nodiscard]] section measure_harness(const library &null, const effort &spent);
[[nodiscard]] section measure_end_to_end(const library &optimized, std::uint64_t data_size,
                                         const effort &spent);
[[nodiscard]] section measure_strategies(const library &optimized, const library &bad,
                                         const effort &spent);

}  // namespace bench::peers
