// SPDX-License-Identifier: MIT
#include "cli/input_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "catch.hpp"
#include "cli/error.hpp"
#include "temporary_file.hpp"

using namespace taskworker::cli;

namespace {

std::string obstacle_at(const std::string &path) {
  try {
    check_readable("--source", path);
    return "";
  } catch (const file_error &error) {
    return error.what();
  }
}

std::string cannot_read(const std::string &path, const std::string &reason) {
  return "--source: cannot read " + path + ": " + reason;
}

}  // namespace

TEST_CASE("an input is a file or a pipe, which is not opened", "[cli_input_file]") {
  const temporary_folder folder;
  CHECK(obstacle_at(folder.write("tasks.json", "")).empty());
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(obstacle_at(folder / "pipe").empty());
}

TEST_CASE("an input is there and is no folder", "[cli_input_file]") {
  const temporary_folder folder;
  CHECK(obstacle_at(folder / "absent") ==
        cannot_read(folder / "absent", "No such file or directory"));
  CHECK(obstacle_at(folder.path()) ==
        cannot_read(folder.path(), "it is a folder; name a file in it"));
}

TEST_CASE("an input needs the right to read", "[cli_input_file]") {
  if (::geteuid() == 0) {
    WARN("not tried: root may read everywhere");
    return;
  }
  const temporary_folder folder;
  const std::string file = folder.write("file", "");
  REQUIRE(::chmod(file.c_str(), 0200) == 0);
  CHECK(obstacle_at(file) == cannot_read(file, "Permission denied"));
}
