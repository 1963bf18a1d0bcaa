// SPDX-License-Identifier: MIT
#include "compare/temporary_folder.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include "catch.hpp"

namespace fs = std::filesystem;
using taskworker::compare::temporary_folder;

TEST_CASE("a temporary folder is gone with its files", "[compare_temporary_folder]") {
  fs::path folder;
  {
    const temporary_folder first;
    const temporary_folder second;
    folder = fs::path(first / "file").parent_path();
    CHECK(folder != fs::path(second / "file").parent_path());
    CHECK((fs::status(folder).permissions() & fs::perms::all) == fs::perms::owner_all);
    std::ofstream(first / "file") << "text";
    CHECK(fs::file_size(first / "file") == 4);
  }
  CHECK_FALSE(fs::exists(folder));
}
