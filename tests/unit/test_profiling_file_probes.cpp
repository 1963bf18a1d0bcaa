// SPDX-License-Identifier: MIT
#include "profiling/probes/file_probes.hpp"

#include <filesystem>

#include "catch.hpp"
#include "temporary_file.hpp"
#include "unit/probe_checks.hpp"

using namespace taskworker::profiling;
using enum probe_verdict;

TEST_CASE("a folder that can be written to is left as it was", "[profiling_file_probes]") {
  const temporary_folder folder;
  check_probe(probe_folder(folder.path()), ok, "can be written to");
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a folder that cannot be written to is named", "[profiling_file_probes]") {
  const temporary_folder folder;
  check_probe(probe_folder(folder / "none"), warning, folder / "none" + ": No such file");
}

TEST_CASE("files in memory can be had", "[profiling_file_probes]") {
  check_probe(probe_memory_file(), ok, "memfd_create works");
}
