// SPDX-License-Identifier: MIT
#include "cli/output_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "catch.hpp"
#include "cli/error.hpp"
#include "temporary_file.hpp"

using namespace taskworker::cli;

namespace {

std::string obstacle_at(const std::string &path) {
  try {
    check_writable("--memprofile", path);
    return "";
  } catch (const file_error &error) {
    return error.what();
  }
}

std::string cannot_write(const std::string &path, const std::string &reason) {
  return "--memprofile: cannot write " + path + ": " + reason;
}

}  // namespace

TEST_CASE("an output that can be written is not touched", "[cli_output_file]") {
  const temporary_folder folder;
  CHECK(obstacle_at(folder / "new.heap").empty());
  CHECK(!std::filesystem::exists(folder / "new.heap"));

  const std::string old = folder.write("old.heap", "kept");
  CHECK(obstacle_at(old).empty());
  CHECK(std::filesystem::file_size(old) == 4);

  CHECK(obstacle_at("/dev/null").empty());
}

TEST_CASE("an output needs its folder", "[cli_output_file]") {
  const temporary_folder folder;
  CHECK(obstacle_at(folder / "absent/x.heap") ==
        cannot_write(folder / "absent/x.heap", "there is no folder " + folder.path() + "/absent"));
  CHECK(obstacle_at(folder.path()) ==
        cannot_write(folder.path(), "it is a folder; name a file in it"));
  const std::string file = folder.write("file", "");
  CHECK(obstacle_at(file + "/x.heap") == cannot_write(file + "/x.heap", file + " is not a folder"));
}

TEST_CASE("a folder for outputs is there, or can be made", "[cli_output_file]") {
  const temporary_folder folder;
  CHECK_NOTHROW(check_new_folder("--profiles", folder.path()));
  CHECK_NOTHROW(check_new_folder("--profiles", folder.path() + "/"));
  CHECK_NOTHROW(check_new_folder("--profiles", folder / "new/"));
  CHECK(!std::filesystem::exists(folder / "new"));
  CHECK_THROWS_WITH(check_new_folder("--profiles", folder / "absent/new"),
                    "--profiles: cannot write to the folder " + (folder / "absent/new") +
                        ": there is no folder " + folder.path() + "/absent");
  const std::string file = folder.write("file", "");
  CHECK_THROWS_WITH(check_new_folder("--profiles", folder.path()),
                    "--profiles: cannot write to the folder " + folder.path() +
                        ": it is not empty; name a new one");
  CHECK_THROWS_WITH(check_new_folder("--profiles", file),
                    "--profiles: cannot write to the folder " + file + ": it is not a folder");
}

TEST_CASE("two outputs do not go to one file", "[cli_output_file]") {
  CHECK_NOTHROW(check_distinct({"", "a", "", "b", "c/a"}));
  CHECK_THROWS_WITH(check_distinct({"a", "b", "", "a"}),
                    "two outputs go to 'a'; name another for one of them");
  CHECK_THROWS_WITH(check_distinct({"a", "./a"}),
                    "two outputs go to './a'; name another for one of them");
}

TEST_CASE("an output needs the right to write", "[cli_output_file]") {
  if (::geteuid() == 0) {
    WARN("not tried: root may write everywhere");
    return;
  }
  const temporary_folder folder;
  const std::string file = folder.write("file", "");
  REQUIRE(::chmod(file.c_str(), 0400) == 0);
  CHECK(obstacle_at(file) == cannot_write(file, "Permission denied"));

  REQUIRE(::chmod(folder.path().c_str(), 0500) == 0);
  CHECK(obstacle_at(folder / "new") == cannot_write(folder / "new", "Permission denied"));
  REQUIRE(::chmod(folder.path().c_str(), 0700) == 0);
}
