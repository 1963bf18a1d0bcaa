// SPDX-License-Identifier: MIT
#include "profiling/probes/symbol_probes.hpp"

#include "catch.hpp"
#include "unit/loaded_library.hpp"
#include "unit/probe_checks.hpp"

using namespace taskworker::profiling;
using enum probe_verdict;

namespace {

[[gnu::noinline]] void function_with_lines() { asm volatile(""); }

source_place place(const char *function, std::uint32_t line) {
  source_place known;
  known.function = function;
  known.file = line != 0 ? "mine.cpp" : "";
  known.line = line;
  known.module = "/lib/mine.so";
  known.offset = 0x1f40;
  return known;
}

loaded_module module(const char *path) {
  loaded_module made;
  made.path = path;
  return made;
}

}  // namespace

TEST_CASE("functions need their names and should have lines", "[profiling_symbol_probes]") {
  check_probe(judge_place("symbols", "the strategy", place("mine", 12)), ok, "mine.cpp:12 (mine)");
  check_probe(judge_place("symbols", "the strategy", place("mine", 0)), warning, "no lines (mine)");
  check_probe(judge_place("symbols", "the strategy", place("", 0)), failed, "mine.so+0x1f40");
}

TEST_CASE("symbols of this program are there", "[profiling_symbol_probes]") {
  symbols names;
  check_probe(probe_own_symbols(names), ok, "symbol_probes.cpp:");
  const auto address = reinterpret_cast<std::uintptr_t>(&function_with_lines);
  check_probe(probe_strategy_symbols(address, names), ok, "function_with_lines");
}

TEST_CASE("of a stripped library the exported names are left", "[profiling_symbol_probes]") {
  const loaded_library stripped(symbol_module("stripped"));
  symbols names;
  const auto address = stripped.call_in("first_function") - 1;
  CHECK(probe_strategy_symbols(address, names).verdict == warning);
}

TEST_CASE("code whose file is gone is found", "[profiling_symbol_probes]") {
  const std::string data = "7f00-7f10 rw-p 00000000 08:01 42   /lib/data.so (deleted)\n";
  const std::string code = "7f10-7f20 r-xp 00001000 08:01 42   /lib/my strategy.so (deleted)\n";
  const std::string kept =
      "7f20-7f30 r-xp 00001000 08:01 43   /lib/libc.so.6\n7f30-7f40 r-xp 0 0:0 0 \n";
  check_probe(judge_replaced_files(""), ok, "none");
  check_probe(judge_replaced_files(data + kept), ok, "none");
  check_probe(judge_replaced_files(data + code + kept + code), warning,
              "1 file replaced or deleted on disk: /lib/my strategy.so");
}

TEST_CASE("libraries that take over unwinding are found", "[profiling_symbol_probes]") {
  const std::string gcc = "/lib/libgcc_s.so.1";
  check_probe(judge_unwinder({module("/bin/taskworker"), module("/lib/libunwindings.so")}, gcc), ok,
              "libgcc_s.so.1");
  for (const char *bad : {"/lib/libunwind.so.8", "/lib/libunwind-x86_64.so.8",
                          "/usr/lib/libprofiler.so.0", "/lib/libtcmalloc_and_profiler.so.4"}) {
    check_probe(judge_unwinder({module("/bin/taskworker"), module(bad)}, gcc), failed, bad);
  }
  CHECK_FALSE(find_unwinder().empty());
}
