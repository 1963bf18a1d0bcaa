// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace taskworker::cli {

/// Sees before a run whether the file at `path`, which may be a pipe, can be read.
/// Opens nothing: to open a pipe would wait for its writer. Throws file_error;
/// `option` names what asked for the file.
void check_readable(const std::string &option, const std::string &path);

}  // namespace taskworker::cli
