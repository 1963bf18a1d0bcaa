// SPDX-License-Identifier: MIT
#include <dlfcn.h>
#include <gnu/libc-version.h>

#include <cstdint>

#include "catch.hpp"
#include "profiling/stack.hpp"
#include "profiling/symbols/symbolizer.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using taskworker::profiling::source_place;
using taskworker::profiling::symbolizer;

namespace {

template <typename Function>
std::uintptr_t call_in(Function *function) {
  return reinterpret_cast<std::uintptr_t>(function) + 1;
}

struct captured {
  taskworker::profiling::stack trace;
  unsigned innermost;
  unsigned middle;
};

[[gnu::always_inline]] inline captured capture_in_line() {
  return {taskworker::profiling::capture_stack(), __LINE__, 0};
}

[[gnu::always_inline]] inline captured call_in_line() {
  captured result = capture_in_line();
  result.middle = __LINE__ - 1;
  return result;
}

}  // namespace

TEST_CASE("an address in no module is named by itself", "[profiling_symbolizer]") {
  symbolizer symbols;
  const source_place place = symbols.find_call(0x1001);
  CHECK(place.function.empty());
  CHECK(place.file.empty());
  CHECK(place.line == 0);
  CHECK(place.module.empty());
  CHECK(place.offset == 0x1000);
  CHECK(symbols.find_calls(0x1001).size() == 1);
}

TEST_CASE("a library without line tables gives function and module", "[profiling_symbolizer]") {
  symbolizer symbols;
  const source_place place = symbols.find_call(call_in(&gnu_get_libc_version));
  CHECK(place.function == "gnu_get_libc_version");
  CHECK_THAT(place.module, EndsWith("/libc.so.6"));
  CHECK(place.offset < call_in(&gnu_get_libc_version));
}

TEST_CASE("a library opened after the first call is found", "[profiling_symbolizer]") {
  symbolizer symbols;
  REQUIRE(symbols.find_call(call_in(&gnu_get_libc_version)).function == "gnu_get_libc_version");
  // Part of every glibc, and linked by nothing here.
  REQUIRE(dlopen("libresolv.so.2", RTLD_NOLOAD | RTLD_LAZY) == nullptr);
  void *const library = dlopen("libresolv.so.2", RTLD_NOW | RTLD_LOCAL);
  REQUIRE(library != nullptr);

  const source_place place =
      symbols.find_call(call_in(static_cast<char *>(dlsym(library, "__loc_ntoa"))));
  CHECK(place.function == "__loc_ntoa");
  CHECK_THAT(place.module, EndsWith("/libresolv.so.2"));
  CHECK(symbols.find_call(call_in(&gnu_get_libc_version)).function == "gnu_get_libc_version");
  dlclose(library);
}

TEST_CASE("the bytes before a return address are the call's", "[profiling_symbolizer]") {
  symbolizer symbols;
  const auto start = reinterpret_cast<std::uintptr_t>(&gnu_get_libc_version);
  CHECK(symbols.find_call(start + 1).function == "gnu_get_libc_version");
  CHECK(symbols.find_call(start).function != "gnu_get_libc_version");
}

TEST_CASE("functions that are in line have places of their own", "[profiling_symbolizer]") {
  const captured here = call_in_line();
  const unsigned outermost = __LINE__ - 1;

  symbolizer symbols;
  const auto places = symbols.find_calls(here.trace.frames[0]);
  REQUIRE(places.size() == 3);
  for (const auto &place : places) {
    CHECK_THAT(place.file, EndsWith("tests/unit/test_profiling_symbolizer.cpp"));
    CHECK_THAT(place.file, !ContainsSubstring("../"));
    CHECK(place.module == places[0].module);
    CHECK(place.offset == places[0].offset);
  }
  CHECK_THAT(places[0].function, EndsWith("capture_in_line"));
  CHECK(places[0].line == here.innermost);
  CHECK_THAT(places[1].function, EndsWith("call_in_line"));
  CHECK(places[1].line == here.middle);
  CHECK(places[2].line == outermost);
  CHECK(symbols.find_call(here.trace.frames[0]).line == here.innermost);
}
