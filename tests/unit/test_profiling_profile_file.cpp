// SPDX-License-Identifier: MIT
#include "profiling/format/profile_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "catch.hpp"
#include "profiling/heap/heap.hpp"
#include "temporary_file.hpp"

using namespace taskworker::profiling;

namespace {

std::string read_file(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string error_of_write(const std::string &path) {
  try {
    write_whole_file(path, "content", "CPU profile");
  } catch (const profile_file_error &error) {
    return error.what();
  }
  return "no error";
}

bool is_gzip(const std::string &bytes) { return bytes.starts_with("\x1f\x8b"); }

}  // namespace

TEST_CASE("a file is replaced whole", "[profiling_profile_file]") {
  const temporary_folder folder;
  const std::string path = folder / "profile";
  std::ofstream(path) << std::string(100'000, 'x');
  write_whole_file(path, "content", "CPU profile");
  CHECK(read_file(path) == "content");
}

TEST_CASE("a file that cannot be written says which, what and why", "[profiling_profile_file]") {
  CHECK(error_of_write("/nonexistent/heap") ==
        "cannot write the CPU profile to '/nonexistent/heap': No such file or directory");
  CHECK(error_of_write("/") == "cannot write the CPU profile to '/': Is a directory");
  // A link, so that the device is safe from a mistake here.
  const temporary_folder folder;
  const std::string full = folder / "full";
  std::filesystem::create_symlink("/dev/full", full);
  CHECK(error_of_write(full) ==
        "cannot write the CPU profile to '" + full + "': No space left on device");
  CHECK(std::filesystem::is_symlink(full));
}

TEST_CASE("a CPU profile is written as profile.proto", "[profiling_profile_file]") {
  const temporary_folder folder;
  symbols names;
  profile taken;
  taken.sample_types = {{"samples", "count"}};
  write_cpu_file(folder / "cpu", taken, names);
  CHECK(is_gzip(read_file(folder / "cpu")));
}

#ifdef TASKWORKER_HAVE_JEMALLOC

TEST_CASE("the name of a heap file chooses who can read it", "[profiling_profile_file]") {
  const temporary_folder folder;
  symbols names;
  set_heap_sample(512 * 1024);
  write_heap_file(folder / "heap.pb.gz", names);
  CHECK(is_gzip(read_file(folder / "heap.pb.gz")));
  write_heap_file(folder / "heap.pb", names);
  CHECK(read_file(folder / "heap.pb").starts_with("heap_v2/524288\n"));
}

#else

TEST_CASE("without jemalloc no heap file is left", "[profiling_profile_file]") {
  const temporary_folder folder;
  symbols names;
  CHECK_THROWS_AS(write_heap_file(folder / "heap", names), heap_error);
  CHECK_FALSE(std::filesystem::exists(folder / "heap"));
}

#endif
