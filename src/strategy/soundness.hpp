// SPDX-License-Identifier: MIT
#pragma once

#include <taskworker/ext/options.h>
#include <taskworker/ext/workload.h>
#include <taskworker/strategy.h>

#include <string>

namespace taskworker::strategy {

/// The checks of what a strategy declares, made before anything of it is used.
/// Each throws load_error, whose text begins with `path`, for the first fault.

/// Reads the version and nothing else.
void check_version(const taskworker_version &found, const std::string &path);

/// The mandatory functions and texts of an entry whose version fits.
void check_entry(const taskworker_entry &entry, const std::string &path);

void check_options(const taskworker_options &options, const std::string &path);

void check_workload(const taskworker_workload &workload, const std::string &path);

}  // namespace taskworker::strategy
