// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace taskworker::cli {

/// The token in the file at `path`: one line of 16 to 1024 printable ASCII
/// characters without a space; white space around it is left out. Throws
/// file_error, also for a file that everyone may read or write; `where` names the
/// option in the text.
[[nodiscard]] std::string read_token_file(const std::string &where, const std::string &path);

}  // namespace taskworker::cli
