// SPDX-License-Identifier: MIT
#include "metrics/control_group.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace taskworker::metrics {
namespace {

namespace fs = std::filesystem;

// Version 1 says "no limit" by the largest number of whole pages.
constexpr std::uint64_t no_limit = std::uint64_t{1} << 62;

std::string read_file(const fs::path &path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Nothing for "max", which is what version 2 writes for no limit.
std::optional<std::uint64_t> read_number(const fs::path &path) {
  std::ifstream file(path);
  std::int64_t number = 0;
  if (!(file >> number) || number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(number);
}

bool has_word(const std::string &list, std::string_view word) {
  std::istringstream words(list);
  for (std::string each; std::getline(words, each, ',');) {
    if (each == word) return true;
  }
  return false;
}

// The folders of the process's groups for a controller, the own one first.
struct hierarchy {
  bool is_v2 = false;
  std::vector<fs::path> folders;
};

// A line of /proc/self/cgroup, "4:cpu,cpuacct:/path"; version 2 is "0::/path".
struct membership {
  std::string controllers;
  std::string path;
};

std::vector<membership> read_memberships(const fs::path &root) {
  std::vector<membership> found;
  std::ifstream file(root / "proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    membership each;
    std::string number;
    std::getline(fields, number, ':');
    std::getline(fields, each.controllers, ':');
    std::getline(fields, each.path);
    found.push_back(std::move(each));
  }
  return found;
}

// A line of /proc/self/mountinfo (proc(5)).
struct mount {
  std::string top;  ///< which folder of the file system is mounted
  std::string point;
  std::string type;
  std::string options;
};

std::vector<mount> read_mounts(const fs::path &root) {
  std::vector<mount> found;
  std::ifstream file(root / "proc/self/mountinfo");
  for (std::string line; std::getline(file, line);) {
    const auto separator = line.find(" - ");
    if (separator == line.npos) continue;
    mount each;
    std::string skipped;
    std::istringstream(line) >> skipped >> skipped >> skipped >> each.top >> each.point;
    std::istringstream(line.substr(separator + 3)) >> each.type >> skipped >> each.options;
    found.push_back(std::move(each));
  }
  return found;
}

// From the own group to the outermost that can be seen: the limits of all hold.
std::vector<fs::path> list_folders(const fs::path &root, const mount &mounted,
                                   const membership &member) {
  std::string inside = member.path;
  if (mounted.top != "/" && inside.starts_with(mounted.top)) inside.erase(0, mounted.top.size());
  const fs::path top = root / fs::path(mounted.point).relative_path();
  std::vector<fs::path> folders;
  for (fs::path each = fs::path(inside).relative_path(); !each.empty(); each = each.parent_path()) {
    folders.push_back(top / each);
  }
  folders.push_back(top);
  return folders;
}

// A controller belongs to version 1 wherever version 1 has it mounted.
hierarchy find_hierarchy(const fs::path &root, std::string_view controller) {
  const auto mounts = read_mounts(root);
  hierarchy unified;
  for (const auto &member : read_memberships(root)) {
    const bool is_v2 = member.controllers.empty();
    if (!is_v2 && !has_word(member.controllers, controller)) continue;
    for (const auto &each : mounts) {
      if (each.type != (is_v2 ? "cgroup2" : "cgroup")) continue;
      if (is_v2) {
        unified = {true, list_folders(root, each, member)};
      } else if (has_word(each.options, controller)) {
        return {false, list_folders(root, each, member)};
      }
    }
  }
  return unified;
}

// ---- What the files say -------------------------------------------------------------

std::optional<double> read_quota(const fs::path &folder, bool is_v2) {
  double quota = 0;
  double period = 0;
  if (is_v2) {
    std::istringstream text(read_file(folder / "cpu.max"));
    if (!(text >> quota >> period)) return std::nullopt;
  } else {
    quota = static_cast<double>(read_number(folder / "cpu.cfs_quota_us").value_or(0));
    period = static_cast<double>(read_number(folder / "cpu.cfs_period_us").value_or(0));
  }
  if (quota <= 0 || period <= 0) return std::nullopt;
  return quota / period;
}

std::optional<group_limit> read_limit(const fs::path &folder, const char *most, const char *used) {
  const auto limit = read_number(folder / most);
  if (!limit || *limit >= no_limit) return std::nullopt;
  return group_limit{*limit, read_number(folder / used).value_or(0)};
}

void keep_tightest(std::optional<group_limit> &tightest, const std::optional<group_limit> &found) {
  if (found && (!tightest || found->left() < tightest->left())) tightest = found;
}

void add_throttling(control_group_figures &figures, const fs::path &folder) {
  std::istringstream text(read_file(folder / "cpu.stat"));
  std::string name;
  for (std::uint64_t count = 0; text >> name >> count;) {
    if (name == "nr_periods") figures.periods = std::max(figures.periods, count);
    if (name == "nr_throttled") {
      figures.throttled_periods = std::max(figures.throttled_periods, count);
    }
  }
}

}  // namespace

control_group_figures read_control_group(const fs::path &root) {
  control_group_figures figures;
  const hierarchy cpu = find_hierarchy(root, "cpu");
  for (const auto &folder : cpu.folders) {
    const auto quota = read_quota(folder, cpu.is_v2);
    if (quota) figures.cpus = std::min(*quota, figures.cpus.value_or(*quota));
    add_throttling(figures, folder);
  }
  const hierarchy memory = find_hierarchy(root, "memory");
  for (const auto &folder : memory.folders) {
    const auto limit = memory.is_v2
                           ? read_limit(folder, "memory.max", "memory.current")
                           : read_limit(folder, "memory.limit_in_bytes", "memory.usage_in_bytes");
    keep_tightest(figures.memory, limit);
    if (limit)
      figures.most_memory = std::min(limit->most, figures.most_memory.value_or(limit->most));
  }
  for (const auto &folder : find_hierarchy(root, "pids").folders) {
    keep_tightest(figures.threads, read_limit(folder, "pids.max", "pids.current"));
  }
  return figures;
}

}  // namespace taskworker::metrics
