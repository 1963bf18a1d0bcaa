// SPDX-License-Identifier: MIT
#include "strategy/finder.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string_view>
#include <system_error>

#include "strategy/library.hpp"
#include "strategy/text.hpp"
#include "strategy/version.hpp"

namespace taskworker::strategy {
namespace {

namespace fs = std::filesystem;

// The same folder may be named for two reasons; the first one is kept. A relative one is none where
// the current folder was removed.
void add(std::vector<search_folder> &folders, const fs::path &path, std::string origin) {
  std::error_code error;
  fs::path absolute = fs::absolute(path, error).lexically_normal();
  if (error) return;
  if (!absolute.has_filename()) absolute = absolute.parent_path();
  const bool known = std::any_of(folders.begin(), folders.end(),
                                 [&](const auto &folder) { return folder.path == absolute; });
  if (!known) folders.push_back({std::move(absolute), std::move(origin)});
}

std::vector<std::string> split_path_list(std::string_view list) {
  std::vector<std::string> paths;
  while (!list.empty()) {
    const auto end = std::min(list.find(':'), list.size());
    if (end > 0) paths.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return paths;
}

bool is_file(const fs::path &path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// The name under which `entry` of a search folder holds a strategy, or empty.
std::string name_of(const fs::path &entry) {
  const std::string name = entry.extension() == ".so" ? entry.stem() : entry.filename();
  return is_name(name) ? name : "";
}

// Both places of each name, whether or not there is a file; sorted by name. A
// folder that cannot be read has none.
std::set<std::string> names_in(const fs::path &folder) {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (std::string name = name_of(entry->path()); !name.empty()) names.insert(std::move(name));
  }
  return names;
}

std::vector<fs::path> places_of(const std::string &name, const fs::path &folder) {
  const std::string file = name + ".so";
  std::vector<fs::path> places{folder / file, folder / name / file};
  std::erase_if(places, [](const fs::path &path) { return !is_file(path); });
  return places;
}

std::string list_folders(const std::vector<search_folder> &folders) {
  std::vector<std::string> texts;
  for (const auto &folder : folders) {
    texts.push_back(folder.path.string() + " (" + folder.origin +
                    (exists(folder) ? ")" : ", no such folder)"));
  }
  return join(texts);
}

}  // namespace

std::vector<search_folder> search_folders(const std::vector<std::string> &strategy_dirs) {
  std::vector<search_folder> folders;
  for (const auto &path : strategy_dirs) add(folders, path, "--strategy-dir");
  if (const char *list = std::getenv("TASKWORKER_STRATEGY_PATH"); list != nullptr) {
    for (const auto &path : split_path_list(list)) add(folders, path, "TASKWORKER_STRATEGY_PATH");
  }
  std::error_code error;
  const fs::path executable = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    add(folders, executable.parent_path() / "strategies", "build tree");
    add(folders, executable.parent_path() / installed_strategy_dir, "installed");
  }
  add(folders, "strategies", "./strategies");
  return folders;
}

bool exists(const search_folder &folder) {
  std::error_code ignored;
  return fs::is_directory(folder.path, ignored);
}

std::vector<candidate> find_all(const std::vector<search_folder> &folders) {
  std::vector<candidate> found;
  std::set<std::string> seen;
  for (const auto &folder : folders) {
    for (const auto &name : names_in(folder.path)) {
      for (auto &path : places_of(name, folder.path)) {
        const bool is_first = seen.insert(name).second;
        found.push_back({name, std::move(path), folder.origin, !is_first, folder.path});
      }
    }
  }
  return found;
}

fs::path find(const word &target, const std::vector<search_folder> &folders) {
  if (target.is_path()) return target.target;
  std::vector<std::string> known;
  for (const auto &found : find_all(folders)) {
    if (found.name == target.target) return found.path;
    known.push_back(found.name);
  }
  throw load_error("no strategy '" + target.target + "' found" +
                   did_you_mean(target.target, known) + "; searched " + list_folders(folders) +
                   "; --list shows what is there");
}

}  // namespace taskworker::strategy
