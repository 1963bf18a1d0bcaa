// SPDX-License-Identifier: MIT
#include "strategy/finder.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "catch.hpp"
#include "strategy/library.hpp"
#include "strategy/version.hpp"
#include "temporary_file.hpp"

namespace fs = std::filesystem;
using namespace taskworker::strategy;

namespace {

/// Sets TASKWORKER_STRATEGY_PATH, or unsets it, for the life of this object.
class strategy_path {
 public:
  explicit strategy_path(const char *value) {
    if (const char *before = std::getenv(name)) before_ = before;
    set(value);
  }
  ~strategy_path() { set(before_.empty() ? nullptr : before_.c_str()); }
  strategy_path(const strategy_path &) = delete;
  strategy_path &operator=(const strategy_path &) = delete;

 private:
  static constexpr char name[] = "TASKWORKER_STRATEGY_PATH";
  static void set(const char *value) {
    if (value != nullptr) {
      ::setenv(name, value, 1);
    } else {
      ::unsetenv(name);
    }
  }
  std::string before_;
};

/// The current folder is one that was removed, for the life of this object.
class removed_current_folder {
 public:
  removed_current_folder() {
    const temporary_folder gone;
    fs::current_path(gone.path());
  }
  ~removed_current_folder() { fs::current_path(before_); }
  removed_current_folder(const removed_current_folder &) = delete;
  removed_current_folder &operator=(const removed_current_folder &) = delete;

 private:
  const fs::path before_ = fs::current_path();
};

fs::path own_folder() { return fs::read_symlink("/proc/self/exe").parent_path(); }

void touch(const temporary_folder &root, const std::string &path) {
  fs::create_directories(fs::path(root / path).parent_path());
  (void)root.write(path, "");
}

std::vector<std::string> texts_of(const std::vector<candidate> &found) {
  std::vector<std::string> texts;
  for (const auto &one : found) {
    texts.push_back(one.name + " " + one.origin + " " +
                    one.path.lexically_relative(one.folder).string() +
                    (one.shadowed ? " shadowed" : ""));
  }
  return texts;
}

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("folders come in the order of search, with the reason of each", "[strategy_finder]") {
  const strategy_path path("/from/env:relative::/from/other/");
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto &folder : search_folders({"/given/", "given"})) {
    found.emplace_back(folder.origin, folder.path);
  }
  CHECK(found == std::vector<std::pair<std::string, std::string>>{
                     {"--strategy-dir", "/given"},
                     {"--strategy-dir", fs::current_path() / "given"},
                     {"TASKWORKER_STRATEGY_PATH", "/from/env"},
                     {"TASKWORKER_STRATEGY_PATH", fs::current_path() / "relative"},
                     {"TASKWORKER_STRATEGY_PATH", "/from/other"},
                     {"build tree", own_folder() / "strategies"},
                     {"installed", (own_folder() / installed_strategy_dir).lexically_normal()},
                     {"./strategies", fs::current_path() / "strategies"},
                 });
}

TEST_CASE("a folder that is named twice is searched once", "[strategy_finder]") {
  const strategy_path path(nullptr);
  const auto folders = search_folders({"/given", "/given/", "/x/../given", "strategies"});
  CHECK(folders.size() == 4);
  CHECK(folders[1].origin == "--strategy-dir");
  CHECK(folders.back().origin == "installed");
}

TEST_CASE("without a current folder the other folders are searched", "[strategy_finder]") {
  const strategy_path path("relative:/from/env");
  const removed_current_folder gone;
  std::vector<std::string> origins;
  for (const auto &folder : search_folders({"given", "/given"})) origins.push_back(folder.origin);
  CHECK(origins == std::vector<std::string>{"--strategy-dir", "TASKWORKER_STRATEGY_PATH",
                                            "build tree", "installed"});
}

TEST_CASE("candidates are found by name, the first of a name is the one meant",
          "[strategy_finder]") {
  const temporary_folder root;
  for (const char *path :
       {"one/zeta.so", "one/bad.so", "one/bad/bad.so", "two/bad/bad.so", "two/mine.so",
        "two/not a name.so", "two/mine.txt", "two/deep/other.so", "two/lib.so.1"}) {
    touch(root, path);
  }
  fs::create_directories(root / "two/folder.so");
  const std::vector<search_folder> folders{
      {root / "one", "first"}, {root / "none", "absent"}, {root / "two", "second"}};
  const auto found = find_all(folders);
  CHECK(texts_of(found) == texts{
                               "bad first bad.so",
                               "bad first bad/bad.so shadowed",
                               "zeta first zeta.so",
                               "bad second bad/bad.so shadowed",
                               "mine second mine.so",
                           });
  CHECK(find(parse_word("bad"), folders) == root / "one/bad.so");
  CHECK(find(parse_word("mine:keep=1"), folders) == root / "two/mine.so");
}

TEST_CASE("a path is taken as it is", "[strategy_finder]") {
  CHECK(find(parse_word("./not/there.so:a=b"), {}) == "./not/there.so");
}

TEST_CASE("a name that is not found lists what was searched", "[strategy_finder]") {
  const temporary_folder root;
  touch(root, "one/optimized.so");
  const std::vector<search_folder> folders{{root / "one", "build tree"},
                                           {root / "two", "./strategies"}};
  const std::string searched = "; searched " + root.path() + "/one (build tree), " + root.path() +
                               "/two (./strategies, no such folder); --list shows what is there";
  CHECK_THROWS_MATCHES(find(parse_word("optimised"), folders), load_error,
                       Catch::Matchers::Message(
                           "no strategy 'optimised' found (did you mean optimized?)" + searched));
  CHECK_THROWS_MATCHES(find(parse_word("mine"), folders), load_error,
                       Catch::Matchers::Message("no strategy 'mine' found" + searched));
}
