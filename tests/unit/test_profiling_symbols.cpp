// SPDX-License-Identifier: MIT
#include "profiling/symbols/symbols.hpp"

#include <gnu/libc-version.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "loaded_library.hpp"
#include "profiling/synthetic_frame.hpp"
#include "temporary_file.hpp"

using Catch::Matchers::EndsWith;
using taskworker::profiling::address_of;
using taskworker::profiling::source_place;
using taskworker::profiling::symbol_limits;
using taskworker::profiling::symbols;
using taskworker::profiling::synthetic_frame;
namespace fs = std::filesystem;

namespace {

const std::uintptr_t in_libc = reinterpret_cast<std::uintptr_t>(&gnu_get_libc_version) + 1;

[[gnu::noinline]] void in_this_program() { asm volatile(""); }

source_place place_of(symbols &names, std::uintptr_t frame) {
  return names.resolve(frame)->places.front();
}

void check_first_function(const source_place &place) {
  CHECK(place.function == "first_function");
  CHECK(place.system_name == "first_function");
  CHECK_THAT(place.file, EndsWith("tests/unit/symbol_modules/first.c"));
  CHECK(place.line == 5);
  CHECK(place.start_line == (has_start_lines ? 5 : 0));
}

}  // namespace

TEST_CASE("a frame has names and a mapping", "[profiling_symbols]") {
  symbols names;
  const auto frame = reinterpret_cast<std::uintptr_t>(&in_this_program) + 1;
  const auto resolved = names.resolve(frame);
  const source_place &place = resolved->places.back();
  CHECK_THAT(place.function, EndsWith("::in_this_program"));
  CHECK(place.system_name.substr(0, 2) == "_Z");
  CHECK_THAT(place.file, EndsWith("tests/unit/test_profiling_symbols.cpp"));
  CHECK(place.start_line == (has_start_lines ? place.line : 0));
  REQUIRE(resolved->mapping != nullptr);
  CHECK(*resolved->mapping == *names.program_mapping());
  CHECK(resolved->mapping->path == fs::read_symlink("/proc/self/exe"));
  CHECK(resolved->mapping->start < frame);
  CHECK(frame < resolved->mapping->limit);
}

TEST_CASE("an address outside of all modules is a frame, too", "[profiling_symbols]") {
  symbols names;
  const auto resolved = names.resolve(0x1001);
  REQUIRE(resolved->places.size() == 1);
  CHECK(resolved->places[0].function.empty());
  CHECK(resolved->places[0].offset == 0x1000);
  CHECK(resolved->mapping == nullptr);
}

TEST_CASE("a synthetic frame has its name and nothing else", "[profiling_symbols]") {
  symbols names;
  const auto resolved = names.resolve(address_of(synthetic_frame::lost_samples));
  REQUIRE(resolved->places.size() == 1);
  source_place expected;
  expected.function = expected.system_name = "[lost samples]";
  CHECK(resolved->places[0].function == expected.function);
  CHECK(resolved->places[0].system_name == expected.system_name);
  CHECK(resolved->places[0].module.empty());
  CHECK(resolved->mapping == nullptr);
}

TEST_CASE("the kernel's own library has names", "[profiling_symbols]") {
  void *const vdso = ::dlopen("linux-vdso.so.1", RTLD_LAZY | RTLD_NOLOAD);
  if (vdso == nullptr) return;  // none is mapped
  symbols names;
  const auto frame = reinterpret_cast<std::uintptr_t>(::dlsym(vdso, "__vdso_gettimeofday")) + 1;
  const auto resolved = names.resolve(frame);
  ::dlclose(vdso);
  CHECK_THAT(resolved->places[0].function, EndsWith("gettimeofday"));
  REQUIRE(resolved->mapping != nullptr);
  CHECK(resolved->mapping->path == "[vdso]");
}

TEST_CASE("names are found once", "[profiling_symbols]") {
  symbols names;
  const auto first = names.resolve(in_libc);
  CHECK(names.resolve(in_libc) == first);
  names.release_idle_tables(std::chrono::nanoseconds(0));
  CHECK(names.resolve(in_libc) == first);
  const loaded_library other(symbol_module("first"));
  check_first_function(place_of(names, other.call_in("first_function")));
  CHECK(names.resolve(in_libc) == first);
}

TEST_CASE("the cache is dropped when it is full", "[profiling_symbols]") {
  symbols names(symbol_limits{.cached_frames = 2});
  const auto first = names.resolve(in_libc);
  CHECK(names.resolve(in_libc + 1) != first);
  CHECK(names.resolve(in_libc) == first);
  CHECK(names.resolve(in_libc + 2) != first);
  const auto again = names.resolve(in_libc);
  CHECK(again != first);
  CHECK(again->places[0].function == first->places[0].function);
}

TEST_CASE("a module with too much debug information gives functions only", "[profiling_symbols]") {
  const loaded_library library(symbol_module("first"));
  symbols names(symbol_limits{.debug = {.bytes = 1, .inflated = 0}});
  const source_place place = place_of(names, library.call_in("first_function"));
  CHECK(place.function == "first_function");
  CHECK(place.file.empty());
  CHECK(place.line == 0);
}

TEST_CASE("a stripped library gives the names it exports", "[profiling_symbols]") {
  const loaded_library library(symbol_module("stripped"));
  symbols names;
  const source_place place = place_of(names, library.call_in("first_function"));
  CHECK(place.function == "first_function");
  CHECK_THAT(place.module, EndsWith("/stripped.so"));
  CHECK(place.line == 0);
}

TEST_CASE("a library keeps its names when its file is gone", "[profiling_symbols]") {
  const temporary_folder folder;
  const std::string path = folder / "held.so";
  fs::copy_file(symbol_module("first"), path);
  const loaded_library library(path);
  symbols names;
  names.hold_modules();

  SECTION("deleted") { fs::remove(path); }
  SECTION("replaced") {
    fs::copy_file(symbol_module("second"), folder / "new.so");
    fs::rename(folder / "new.so", path);
  }
  check_first_function(place_of(names, library.call_in("first_function")));
}

TEST_CASE("a library whose file was gone before has what it exports", "[profiling_symbols]") {
  const temporary_folder folder;
  const std::string path = folder / "held.so";
  fs::copy_file(symbol_module("first"), path);
  const loaded_library library(path);

  SECTION("deleted") { fs::remove(path); }
  SECTION("replaced") {
    fs::remove(path);
    fs::copy_file(symbol_module("second"), path);
  }
  symbols names;
  const source_place place = place_of(names, library.call_in("first_function"));
  CHECK(place.function == "first_function");
  CHECK(place.module == path);
  CHECK(place.file.empty());
  CHECK(place.line == 0);
}

TEST_CASE("a closed library's names stay until another lies there", "[profiling_symbols]") {
  symbols names;
  std::optional<loaded_library> library(symbol_module("first"));
  const auto frame = library->call_in("first_function");
  const auto first = names.resolve(frame);
  check_first_function(first->places[0]);
  library.reset();
  CHECK(names.resolve(frame) == first);

  library.emplace(symbol_module("second"));
  const auto in_second = library->call_in("second_function");
  CHECK(place_of(names, in_second).function == "second_function");
  if (in_second != frame) WARN("the second library got other addresses: half of this is not seen");
}

TEST_CASE("two threads get the same names", "[profiling_symbols]") {
  const loaded_library library(symbol_module("first"));
  const auto frame = library.call_in("first_function");
  symbols names(symbol_limits{.cached_frames = 2});
  const auto ask = [&](std::vector<std::string> &functions) {
    for (std::uintptr_t i = 0; i < 100; ++i) {
      const loaded_library other(symbol_module("second"));
      functions.push_back(place_of(names, frame).function);
      functions.push_back(place_of(names, other.call_in("second_function")).function);
      if (i % 10 == 0) names.release_idle_tables(std::chrono::nanoseconds(0));
    }
  };
  std::vector<std::string> here, there;
  std::thread other([&] { ask(there); });
  ask(here);
  other.join();
  CHECK(here == there);
  CHECK(here[0] == "first_function");
  CHECK(here[1] == "second_function");
}
