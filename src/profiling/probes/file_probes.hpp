// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "profiling/probes/probe_result.hpp"

namespace taskworker::profiling {

/// Can files be written in a folder, where SIGUSR2 and relative paths write? Leaves none.
[[nodiscard]] probe_result probe_folder(const std::string &folder);

/// Can a file in memory be had, which heap dumps go through?
[[nodiscard]] probe_result probe_memory_file();

}  // namespace taskworker::profiling
