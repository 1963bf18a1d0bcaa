// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "profiling/probes/probe_result.hpp"
#include "profiling/symbols/modules.hpp"
#include "profiling/symbols/source_place.hpp"
#include "profiling/symbols/symbols.hpp"

namespace taskworker::profiling {

/// Has a function of the program its name and its line?
[[nodiscard]] probe_result probe_own_symbols(symbols &names);

/// The same for the function that does the tasks of a strategy; `process` is its address.
[[nodiscard]] probe_result probe_strategy_symbols(std::uintptr_t process, symbols &names);

/// What is known of a function of `module`, "the program". Pure.
[[nodiscard]] probe_result judge_place(std::string name, const std::string &module,
                                       const source_place &place);

/// Files of code that were replaced or deleted since they were mapped; `maps` is the text of
/// /proc/self/maps. Pure.
[[nodiscard]] probe_result judge_replaced_files(std::string_view maps);

/// Is there a library that takes over the reading of stacks? `unwinder` is the path of the
/// module whose _Unwind_Backtrace the program calls. Pure.
[[nodiscard]] probe_result judge_unwinder(const std::vector<loaded_module> &modules,
                                          const std::string &unwinder);

/// That path.
[[nodiscard]] std::string find_unwinder();

}  // namespace taskworker::profiling
