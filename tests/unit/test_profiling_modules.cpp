// SPDX-License-Identifier: MIT
#include <dlfcn.h>
#include <gnu/libc-version.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "catch.hpp"
#include "profiling/symbols/modules.hpp"

using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using taskworker::profiling::count_module_changes;
using taskworker::profiling::find_loaded_modules;
using taskworker::profiling::loaded_module;

namespace {

void in_this_program() {}

std::optional<loaded_module> find_module(std::uintptr_t address) {
  for (const auto &module : find_loaded_modules()) {
    if (module.start <= address && address < module.end) return module;
  }
  return std::nullopt;
}

template <typename Function>
std::uintptr_t address_of(Function *function) {
  return reinterpret_cast<std::uintptr_t>(function);
}

}  // namespace

TEST_CASE("the program comes first", "[profiling_modules]") {
  const loaded_module program = find_loaded_modules().at(0);
  CHECK(program.path == std::filesystem::read_symlink("/proc/self/exe"));
  CHECK(program.start <= address_of(&in_this_program));
  CHECK(address_of(&in_this_program) < program.end);
}

TEST_CASE("a library has its path and its build id", "[profiling_modules]") {
  const auto library = find_module(address_of(&gnu_get_libc_version));
  REQUIRE(library.has_value());
  CHECK_THAT(library->path, StartsWith("/"));
  CHECK_THAT(library->path, EndsWith("/libc.so.6"));
  CHECK(library->build_id.size() == 40);  // as ld makes it, by SHA-1
  CHECK(library->build_id.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(library->start % 4096 == 0);
}

TEST_CASE("a module's code is told in whole pages", "[profiling_modules]") {
  const auto address = address_of(&gnu_get_libc_version);
  const auto library = find_module(address);
  REQUIRE(library.has_value());
  REQUIRE(library->code.size() == 1);
  const auto &code = library->code[0];
  CHECK(code.start % 4096 == 0);
  CHECK(code.limit % 4096 == 0);
  CHECK(code.start <= address);
  CHECK(address < code.limit);
  CHECK(code.file_offset == code.start - library->bias);  // so in every library of ld
  CHECK(code.path == library->path);
  CHECK(code.build_id == library->build_id);
}

TEST_CASE("modules do not overlap", "[profiling_modules]") {
  auto modules = find_loaded_modules();
  std::sort(modules.begin(), modules.end(),
            [](const auto &left, const auto &right) { return left.start < right.start; });
  for (std::size_t i = 1; i < modules.size(); ++i) CHECK(modules[i - 1].end <= modules[i].start);
}

TEST_CASE("an opened library is a change, and so is a closed one", "[profiling_modules]") {
  const auto at_first = count_module_changes();
  CHECK(count_module_changes() == at_first);
  const auto count = find_loaded_modules().size();
  void *const library = dlopen("libresolv.so.2", RTLD_NOW | RTLD_LOCAL);
  REQUIRE(library != nullptr);
  const auto when_open = count_module_changes();
  CHECK(when_open != at_first);
  const auto address = address_of(static_cast<char *>(dlsym(library, "__loc_ntoa")));
  CHECK(find_loaded_modules().size() == count + 1);
  CHECK(find_module(address).has_value());
  dlclose(library);
  CHECK(count_module_changes() != when_open);
  CHECK_FALSE(find_module(address).has_value());
}
