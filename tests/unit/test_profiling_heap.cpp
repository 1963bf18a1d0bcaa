// SPDX-License-Identifier: MIT
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "catch.hpp"
#include "metrics/allocator.hpp"
#include "profiling/heap.hpp"

using Catch::Matchers::StartsWith;
using taskworker::profiling::dump_heap;
using taskworker::profiling::heap_error;
using taskworker::profiling::set_heap_sample;

namespace {

bool can_profile() { return taskworker::metrics::read_allocator().has_value(); }

class temporary_folder {
 public:
  temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "test_heap_XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~temporary_folder() { std::filesystem::remove_all(path_); }
  temporary_folder(const temporary_folder &) = delete;
  temporary_folder &operator=(const temporary_folder &) = delete;

  [[nodiscard]] std::string file(const char *name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

std::string first_line(const std::string &path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string error_of_dump(const std::string &path) {
  try {
    dump_heap(path);
  } catch (const heap_error &error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a build without jemalloc refuses heap profiles", "[profiling_heap]") {
  if (can_profile()) return;
  const std::string expected =
      "this build has no heap profiles: it was made with -Djemalloc=disabled";
  CHECK(error_of_dump("unused") == expected);
  CHECK_THROWS_WITH(set_heap_sample(4096), expected);
}

TEST_CASE("a dump is written as jeprof reads it", "[profiling_heap]") {
  if (!can_profile()) return;
  const temporary_folder folder;
  const std::string path = folder.file("heap");
  set_heap_sample(512 * 1024);
  dump_heap(path);
  CHECK(first_line(path) == "heap_v2/524288");
}

TEST_CASE("a dump replaces what the file held", "[profiling_heap]") {
  if (!can_profile()) return;
  const temporary_folder folder;
  const std::string path = folder.file("heap");
  std::ofstream(path) << std::string(10'000'000, 'x');
  dump_heap(path);
  CHECK_THAT(first_line(path), StartsWith("heap_v2/"));
  CHECK(std::filesystem::file_size(path) < 10'000'000);
}

TEST_CASE("the mean distance of samples is rounded up to a power of two", "[profiling_heap]") {
  if (!can_profile()) return;
  const temporary_folder folder;
  const std::string path = folder.file("heap");
  const auto header_with = [&](std::uint64_t bytes) {
    set_heap_sample(bytes);
    dump_heap(path);
    return first_line(path);
  };
  CHECK(header_with(4096) == "heap_v2/4096");
  CHECK(header_with(4097) == "heap_v2/8192");
  CHECK(header_with(5000) == "heap_v2/8192");
  CHECK(header_with(524288) == "heap_v2/524288");
}

TEST_CASE("a dump that cannot be written says where and why", "[profiling_heap]") {
  if (!can_profile()) return;
  CHECK(error_of_dump("/nonexistent/heap") ==
        "cannot write the heap profile to '/nonexistent/heap': No such file or directory");
  CHECK(error_of_dump("/") == "cannot write the heap profile to '/': Is a directory");
  CHECK(error_of_dump("/dev/full") ==
        "cannot write the heap profile to '/dev/full': No space left on device");
  CHECK(std::filesystem::exists("/dev/full"));
}

TEST_CASE("a dump that was cut short is removed", "[profiling_heap]") {
  if (!can_profile()) return;
  const temporary_folder folder;
  const std::string path = folder.file("heap");
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  dump_heap(path);
  const auto size = std::filesystem::file_size(path);
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit = before;
  limit.rlim_cur = size / 2;
  REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
  const std::string error = error_of_dump(path);
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, previous);
  CHECK(error == "cannot write the heap profile to '" + path + "': File too large");
  CHECK_FALSE(std::filesystem::exists(path));
}
