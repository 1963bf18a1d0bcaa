// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "strategy/word.hpp"

namespace taskworker::strategy {

/// A folder in which strategies are looked for.
struct search_folder {
  std::filesystem::path path;
  std::string origin;  ///< why it is searched: "--strategy-dir", "./strategies", ...
};

/// A file that could be a strategy.
struct candidate {
  std::string name;              ///< what --strategy=NAME takes
  std::filesystem::path path;    ///< absolute
  std::string origin;            ///< of the folder it was found in
  bool shadowed = false;         ///< another file of this name is found earlier
  std::filesystem::path folder;  ///< the search folder it was found in
};

/// The folders in the order in which they are searched: those of --strategy-dir,
/// those of TASKWORKER_STRATEGY_PATH (separated by ':'), the build tree, the
/// install prefix (both by the place of this executable), ./strategies. Folders
/// that do not exist are kept, so that an error can name them; relative ones are left out
/// where the current folder was removed.
[[nodiscard]] std::vector<search_folder> search_folders(
    const std::vector<std::string> &strategy_dirs);

/// True when the folder is there.
[[nodiscard]] bool exists(const search_folder &folder);

/// In each folder, NAME.so comes before NAME/NAME.so. All candidates, in the
/// order in which they are found, by name within a folder.
[[nodiscard]] std::vector<candidate> find_all(const std::vector<search_folder> &folders);

/// The file that `target` stands for: a path as it is, a name by the first
/// candidate. Throws load_error naming the folders that were searched and, where
/// one is near, the name that may have been meant.
[[nodiscard]] std::filesystem::path find(const word &target,
                                         const std::vector<search_folder> &folders);

}  // namespace taskworker::strategy
