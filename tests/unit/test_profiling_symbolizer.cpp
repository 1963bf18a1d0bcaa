// SPDX-License-Identifier: MIT
#include <dlfcn.h>

#include <cstdint>

#include "catch.hpp"
#include "profiling/stack.hpp"
#include "profiling/symbolizer.hpp"

using Catch::Matchers::EndsWith;
using taskworker::profiling::describe;
using taskworker::profiling::source_place;
using taskworker::profiling::symbolizer;

namespace {

template <typename Function>
std::uintptr_t call_in(Function *function) {
  return reinterpret_cast<std::uintptr_t>(function) + 1;
}

}  // namespace

TEST_CASE("an address in no module is named by itself", "[profiling_symbolizer]") {
  symbolizer symbols;
  const source_place place = symbols.find_call(0x1001);
  CHECK(place.function.empty());
  CHECK(place.file.empty());
  CHECK(place.line == 0);
  CHECK(place.module.empty());
  CHECK(describe(place) == "0x1000");
}

TEST_CASE("a library without line tables gives function and module", "[profiling_symbolizer]") {
  symbolizer symbols;
  const source_place place = symbols.find_call(call_in(&dlopen));
  CHECK(place.function == "dlopen");
  CHECK_THAT(place.module, EndsWith("/libc.so.6"));
  CHECK(place.offset < call_in(&dlopen));
}

TEST_CASE("a library opened after the first call is found", "[profiling_symbolizer]") {
  symbolizer symbols;
  REQUIRE(symbols.find_call(call_in(&dlopen)).function == "dlopen");
  // Part of every glibc, and linked by nothing here.
  REQUIRE(dlopen("libthread_db.so.1", RTLD_NOLOAD | RTLD_LAZY) == nullptr);
  void *const library = dlopen("libthread_db.so.1", RTLD_NOW | RTLD_LOCAL);
  REQUIRE(library != nullptr);

  const source_place place = symbols.find_call(call_in(static_cast<char *>(dlsym(library, "td_init"))));
  CHECK(place.function == "td_init");
  CHECK_THAT(place.module, EndsWith("/libthread_db.so.1"));
  CHECK(symbols.find_call(call_in(&dlopen)).function == "dlopen");
  dlclose(library);
}

TEST_CASE("the bytes before a return address are the call's", "[profiling_symbolizer]") {
  symbolizer symbols;
  const auto start = reinterpret_cast<std::uintptr_t>(&dlopen);
  CHECK(symbols.find_call(start + 1).function == "dlopen");
  CHECK(symbols.find_call(start).function != "dlopen");
}

TEST_CASE("a place is told in a few words", "[profiling_symbolizer]") {
  source_place place;
  place.offset = 0x1f40;
  CHECK(describe(place) == "0x1f40");
  place.module = "/lib/strategies/bad.so";
  CHECK(describe(place) == "bad.so+0x1f40");
  place.function = "start_helper";
  CHECK(describe(place) == "bad.so (start_helper)");
  place.file = "strategies/bad/bad.cpp";
  place.line = 123;
  CHECK(describe(place) == "bad.cpp:123 (start_helper)");
  place.function = "bad::(anonymous namespace)::queue::push";
  CHECK(describe(place) == "bad.cpp:123 (bad::queue::push)");
  place.function.clear();
  CHECK(describe(place) == "bad.cpp:123");
}
