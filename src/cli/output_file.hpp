// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace taskworker::cli {

/// Sees before a run whether its output can be written to `path`: the folder is
/// there, and file or folder may be written. Opens and creates nothing, so a run
/// that then fails leaves no empty file behind. Throws file_error; `option` names
/// what asked for the file.
void check_writable(const std::string &option, const std::string &path);

/// The same of a folder for several files, which is not there yet or is empty: what lies in it
/// could be taken for what is to be written.
void check_new_folder(const std::string &option, const std::string &path);

/// Writes to standard output, at once. Throws file_error, with the reason, where that fails.
void print(const std::string &text);

/// Throws usage_error where two of the outputs would be written over each other. Empty paths stand
/// for outputs that are not asked for. Compares paths as they are written, and follows no links.
void check_distinct(const std::vector<std::string> &paths);

}  // namespace taskworker::cli
