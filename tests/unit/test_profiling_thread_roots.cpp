// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string_view>

#include "catch.hpp"
#include "profiling/cpu/thread_roots.hpp"
#include "profiling/symbols/modules.hpp"

using taskworker::profiling::find_loaded_modules;
using taskworker::profiling::thread_roots;

TEST_CASE("threads begin in the program and the C library", "[profiling_thread_roots]") {
  const thread_roots roots;
  unsigned seen = 0;
  for (const auto &module : find_loaded_modules()) {
    const std::string_view path = module.path;
    const bool is_c_library = path.ends_with("/libc.so.6");
    const bool is_other = path.find("/libstdc++.so") != path.npos;
    if (!is_c_library && !is_other) continue;
    ++seen;
    CHECK(roots.holds(module.start + 1) == is_c_library);
    CHECK(roots.holds(module.end) == is_c_library);
  }
  CHECK(seen == 2);
  CHECK(roots.holds(find_loaded_modules().front().start + 1));
}

TEST_CASE("no thread begins where no module is", "[profiling_thread_roots]") {
  const thread_roots roots;
  CHECK_FALSE(roots.holds(1));
  CHECK_FALSE(roots.holds(UINTPTR_MAX));
}
